// The keys of the database: what sorts next to what. docs/design/store-layout.md shows them all.
//
//   batch.Put(day.index, service_posting_key(term_of(service), term_of(name), trace), {});
//
// Two kinds of 64-bit number point at everything, both with 42 bits of milliseconds in front: a ChunkNumber tells when
// a chunk was written and counts up, a TraceNumber when its trace started, as far as was known when its first span
// arrived, to the nanosecond. Both sort by time and are half as long as trace ids.
// Thread safety: pure functions. Errors: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "segue/model/ids.h"

namespace segue::server::detail {

using ChunkNumber = std::uint64_t;
using TraceNumber = std::uint64_t;
using ContactNumber = std::uint32_t;
/// A name in a posting: its dictionary number or, with the top bit set, a hash of a name it has no room for.
using Term = std::uint32_t;

inline constexpr int number_time_shift = 22;
inline constexpr std::uint64_t max_number_millis = (std::uint64_t{1} << (64 - number_time_shift)) - 1;  // year 2109
inline constexpr Term any_term = 0;

/// The same on every machine and in every version: it is part of what is on disk. FNV-1a with a final mix.
std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0) noexcept;

/// The smallest number of that millisecond; later times than `max_number_millis` are cut to it.
std::uint64_t number_at(std::uint64_t unix_nanos) noexcept;
/// The number for something that starts then, if it is free: nanoseconds follow the milliseconds, two bits are left.
TraceNumber trace_number_at(std::uint64_t unix_nanos) noexcept;
/// The millisecond a number belongs to.
std::uint64_t millis_of(std::uint64_t number) noexcept;
/// The UTC day of a number as a decimal like 20250512.
std::uint32_t date_of(std::uint64_t number) noexcept;

Term hashed_term(std::string_view name) noexcept;

// Column family d@day.
std::string chunk_key(ChunkNumber chunk);

// Column family x@day. All end in the number of the trace, save for `trace_chunk_key`.
std::string trace_chunk_key(TraceNumber trace, ChunkNumber chunk);
std::string trace_chunk_prefix(TraceNumber trace);
std::string service_posting_prefix(Term service, Term name);
std::string bot_posting_prefix(Term bot, Term node);
std::string error_posting_prefix();
std::string link_posting_prefix(const TraceId& linked);

/// Contact ids are told apart by their first bytes only, since a key must have a limit.
inline constexpr std::size_t max_contact_bytes = 512;

// Column family conv.
std::string trace_id_key(const TraceId& id);
std::string trace_record_key(TraceNumber trace);
std::string trace_record_prefix();
std::string handoff_key(TraceNumber trace, std::uint64_t start, std::uint64_t end, const SpanId& span);
std::string handoff_prefix(TraceNumber trace);
std::string contact_key(std::string_view contact);  ///< Cuts what is longer than `max_contact_bytes`.
/// The writer's own counters.
std::string state_key(std::string_view name);
std::string contact_trace_prefix(ContactNumber contact);
std::string recent_contact_key(std::uint64_t last_unix_nanos, ContactNumber contact);
std::string recent_contact_prefix();

/// A posting: its prefix, then the trace.
std::string posting_key(std::string prefix, TraceNumber trace);
/// The number in the last eight bytes of a key.
std::uint64_t trailing_number(std::string_view key) noexcept;
/// The smallest key that is greater than every key with that prefix.
std::string after_prefix(std::string prefix);

}  // namespace segue::server::detail
