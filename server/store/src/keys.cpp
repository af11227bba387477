#include "keys.h"

#include <algorithm>
#include <chrono>

#include "byte_codec.h"

namespace segue::server::detail {
namespace {

constexpr std::uint64_t nanos_per_milli = 1'000'000;
constexpr Term hashed_term_bit = 0x80000000U;

std::string key_of(char kind) { return std::string(1, kind); }

std::string key_of(char kind, std::uint64_t number) {
  std::string key(1, kind);
  ByteWriter(key).fixed64(number);
  return key;
}

std::string key_of(char kind, Term first, Term second) {
  std::string key(1, kind);
  ByteWriter(key).fixed32(first).fixed32(second);
  return key;
}

std::string key_of(char kind, std::string_view bytes) {
  std::string key(1, kind);
  return key.append(bytes);
}

}  // namespace

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;
  for (const char byte : bytes) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3U;
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93U;
  return hash ^ hash >> 32;
}

std::uint64_t number_at(std::uint64_t unix_nanos) noexcept {
  return std::min(unix_nanos / nanos_per_milli, max_number_millis) << number_time_shift;
}

TraceNumber trace_number_at(std::uint64_t unix_nanos) noexcept {
  return number_at(unix_nanos) | (unix_nanos % nanos_per_milli) << 2;
}

std::uint64_t millis_of(std::uint64_t number) noexcept { return number >> number_time_shift; }

std::uint32_t date_of(std::uint64_t number) noexcept {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(millis_of(number))};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return static_cast<std::uint32_t>(static_cast<int>(date.year())) * 10000 + static_cast<unsigned>(date.month()) * 100 +
         static_cast<unsigned>(date.day());
}

Term hashed_term(std::string_view name) noexcept { return static_cast<Term>(stable_hash(name)) | hashed_term_bit; }

std::string chunk_key(ChunkNumber chunk) {
  std::string key;
  ByteWriter(key).fixed64(chunk);
  return key;
}

std::string trace_chunk_prefix(TraceNumber trace) { return key_of('T', trace); }
std::string trace_chunk_key(TraceNumber trace, ChunkNumber chunk) {
  return posting_key(trace_chunk_prefix(trace), chunk);
}
std::string service_posting_prefix(Term service, Term name) { return key_of('O', service, name); }
std::string bot_posting_prefix(Term bot, Term node) { return key_of('B', bot, node); }
std::string error_posting_prefix() { return key_of('E'); }
std::string link_posting_prefix(const TraceId& linked) { return key_of('L', linked.as_bytes()); }

std::string trace_id_key(const TraceId& id) { return key_of('I', id.as_bytes()); }
std::string trace_record_key(TraceNumber trace) { return key_of('S', trace); }
std::string trace_record_prefix() { return key_of('S'); }
std::string handoff_prefix(TraceNumber trace) { return key_of('H', trace); }
std::string handoff_key(TraceNumber trace, std::uint64_t start, std::uint64_t end, const SpanId& span) {
  std::string key = handoff_prefix(trace);
  ByteWriter(key).fixed64(start).fixed64(end).raw(span.as_bytes());
  return key;
}
std::string contact_key(std::string_view contact) { return key_of('N', contact.substr(0, max_contact_bytes)); }
std::string state_key(std::string_view name) { return key_of('M', name); }
std::string contact_trace_prefix(ContactNumber contact) { return key_of('C', contact); }
std::string recent_contact_prefix() { return key_of('Z'); }
std::string recent_contact_key(std::uint64_t last_unix_nanos, ContactNumber contact) {
  std::string key = key_of('Z', ~last_unix_nanos);  // inverted, so that the newest comes first
  ByteWriter(key).fixed32(contact);
  return key;
}

std::string posting_key(std::string prefix, TraceNumber trace) {
  ByteWriter(prefix).fixed64(trace);
  return prefix;
}

std::uint64_t trailing_number(std::string_view key) noexcept {
  constexpr std::size_t size = sizeof(std::uint64_t);
  return key.size() < size ? 0 : ByteReader(key.substr(key.size() - size)).fixed64();
}

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<std::uint8_t>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<std::uint8_t>(prefix.back()) + 1);
  return prefix;
}

}  // namespace segue::server::detail
