// TraceRecord: what is known of a whole trace without opening its chunks; kept up to date with every commit.
//
//   record.add(span, recognise(span));
//   batch.Put(conv, trace_record_key(number), encode_record(record));
//
// Adding the same spans in any order, in one commit or in many, gives the same times, counts, root and bots. Searches
// and journeys are computed from records, so that they are exact whatever order spans arrive in.
// Thread safety: none needed, values. Errors: decoding damaged bytes is Corruption.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "keys.h"
#include "segue/base/result.h"
#include "segue/model/span_view.h"
#include "segue/server/recognise/recognition.h"
#include "segue/server/store/store.h"

namespace segue::server::detail {

struct TraceRecord {
  /// Bots, nodes, contacts and conversations are listed up to this many each; spans are counted regardless.
  static constexpr std::size_t max_names = 512;

  struct Root {
    bool is_set = false;
    bool has_parent = false;
    std::uint64_t start_unix_nanos = 0, end_unix_nanos = 0;
    std::string name, service;
  };
  struct Bot {
    std::string name;
    std::uint64_t first_unix_nanos = 0;
  };
  struct Node {
    std::string bot, node;
  };
  struct Contact {
    ContactNumber number = 0;
    std::string id;
  };

  TraceId trace_id;
  std::uint64_t start_unix_nanos = UINT64_MAX, end_unix_nanos = 0;
  std::uint64_t spans = 0, errors = 0, handoffs = 0;
  Root root;
  std::vector<std::uint32_t> dates;  ///< Days on which chunks of this trace were written, ascending.
  std::vector<Bot> bots;             ///< In order of first appearance in time, then by name.
  std::vector<Node> nodes;
  std::vector<Contact> contacts;
  std::vector<std::string> conversations;

  /// Takes in one more span; contacts are added by `add_contact`, since they need a number.
  void add(const SpanView& span, const Recognition& meaning);
  void add_contact(ContactNumber number, std::string_view id);
  void add_date(std::uint32_t date);
  bool has_node(std::string_view bot, std::string_view node) const noexcept;
  bool has_bot(std::string_view bot) const noexcept;
  std::uint64_t duration_nanos() const noexcept { return end_unix_nanos - start_unix_nanos; }
  TraceSummary summary() const;

 private:
  void add_bot(std::string_view name, std::uint64_t time);
};

std::string encode_record(const TraceRecord& record);
Result<TraceRecord> decode_record(std::string_view bytes);

/// The value under `handoff_key`, whose times and span id it leaves to the key.
std::string encode_handoff(const HandoffView& handoff);
/// `key` is the whole key. The trace id is the caller's to fill in.
Result<HandoffRecord> decode_handoff(std::string_view key, std::string_view value);

}  // namespace segue::server::detail
