#include "trace_record.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "byte_codec.h"

namespace segue::server::detail {
namespace {

constexpr std::uint8_t record_version = 1;
constexpr std::uint8_t handoff_version = 1;

Error damaged(std::string_view what) { return Error{Errc::Corruption, std::string(what) + " is damaged"}; }

/// The order in which spans are candidates for the root: spans without a parent first, then the earliest, then the
/// longest, then by name, so that the order of arrival does not matter.
bool is_better_root(const SpanView& span, std::string_view service, const TraceRecord::Root& root) {
  if (!root.is_set) return true;
  const bool has_parent = span.parent_span_id.is_valid();
  const std::string_view root_name = root.name, root_service = root.service;
  return std::tie(has_parent, span.start_unix_nanos, root.end_unix_nanos, span.name, service) <
         std::tie(root.has_parent, root.start_unix_nanos, span.end_unix_nanos, root_name, root_service);
}

std::string text_of(ByteReader& in) { return std::string(in.text()); }

}  // namespace

void TraceRecord::add(const SpanView& span, const Recognition& meaning) {
  start_unix_nanos = std::min(start_unix_nanos, span.start_unix_nanos);
  end_unix_nanos = std::max({end_unix_nanos, span.end_unix_nanos, span.start_unix_nanos});
  ++spans;
  if (meaning.is_error) ++errors;
  if (meaning.handoff) ++handoffs;
  const std::string_view service = span.resource != nullptr ? span.resource->service() : std::string_view();
  if (is_better_root(span, service, root)) {
    root = {true,
            span.parent_span_id.is_valid(),
            span.start_unix_nanos,
            span.end_unix_nanos,
            std::string(span.name),
            std::string(service)};
  }
  add_bot(meaning.bot, span.start_unix_nanos);
  if (meaning.handoff) add_bot(meaning.handoff->target, span.end_unix_nanos);
  if (!meaning.node.empty() && nodes.size() < max_names && !has_node(meaning.bot, meaning.node)) {
    nodes.push_back({std::string(meaning.bot), std::string(meaning.node)});
  }
  const std::string_view conversation = meaning.conversation_id;
  if (!conversation.empty() && conversation != meaning.contact_id && conversations.size() < max_names &&
      std::find(conversations.begin(), conversations.end(), conversation) == conversations.end()) {
    conversations.emplace_back(conversation);
  }
}

void TraceRecord::add_bot(std::string_view name, std::uint64_t time) {
  if (name.empty()) return;
  const auto known = std::find_if(bots.begin(), bots.end(), [&](const Bot& bot) { return bot.name == name; });
  if (known == bots.end()) {
    if (bots.size() == max_names) return;
    bots.push_back({std::string(name), time});
  } else if (time < known->first_unix_nanos) {
    known->first_unix_nanos = time;
  } else {
    return;
  }
  std::sort(bots.begin(), bots.end(), [](const Bot& one, const Bot& other) {
    return std::tie(one.first_unix_nanos, one.name) < std::tie(other.first_unix_nanos, other.name);
  });
}

void TraceRecord::add_contact(ContactNumber number, std::string_view id) {
  const bool is_known =
      std::any_of(contacts.begin(), contacts.end(), [&](const Contact& contact) { return contact.number == number; });
  if (!is_known && contacts.size() < max_names) contacts.push_back({number, std::string(id)});
}

void TraceRecord::add_date(std::uint32_t date) {
  const auto place = std::lower_bound(dates.begin(), dates.end(), date);
  if (place == dates.end() || *place != date) dates.insert(place, date);
}

bool TraceRecord::has_node(std::string_view bot, std::string_view node) const noexcept {
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const Node& known) { return known.node == node && (bot.empty() || known.bot == bot); });
}

bool TraceRecord::has_bot(std::string_view bot) const noexcept {
  return std::any_of(bots.begin(), bots.end(), [&](const Bot& known) { return known.name == bot; });
}

TraceSummary TraceRecord::summary() const {
  TraceSummary summary;
  summary.trace_id = trace_id;
  summary.root_name = root.name;
  summary.root_service = root.service;
  summary.start_unix_nanos = start_unix_nanos;
  summary.end_unix_nanos = end_unix_nanos;
  summary.spans = static_cast<std::uint32_t>(spans);
  summary.errors = static_cast<std::uint32_t>(errors);
  for (const Bot& bot : bots) summary.bots.push_back(bot.name);
  for (const Contact& contact : contacts) summary.contact_ids.push_back(contact.id);
  return summary;
}

std::string encode_record(const TraceRecord& record) {
  std::string bytes;
  ByteWriter out(bytes);
  const std::uint64_t start = record.start_unix_nanos;
  out.byte(record_version).raw(record.trace_id.as_bytes()).fixed64(start);
  out.varint(record.duration_nanos()).varint(record.spans).varint(record.errors).varint(record.handoffs);
  out.byte(record.root.has_parent ? 1 : 0).varint(record.root.start_unix_nanos - start);
  out.signed_varint(static_cast<std::int64_t>(record.root.end_unix_nanos - start));
  out.text(record.root.name).text(record.root.service);
  out.varint(record.dates.size());
  for (const std::uint32_t date : record.dates) out.varint(date);
  out.varint(record.bots.size());
  for (const auto& bot : record.bots) out.text(bot.name).varint(bot.first_unix_nanos - start);
  out.varint(record.nodes.size());
  for (const auto& node : record.nodes) out.text(node.bot).text(node.node);
  out.varint(record.contacts.size());
  for (const auto& contact : record.contacts) out.varint(contact.number).text(contact.id);
  out.varint(record.conversations.size());
  for (const auto& conversation : record.conversations) out.text(conversation);
  return bytes;
}

Result<TraceRecord> decode_record(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != record_version) return damaged("a trace's record");
  TraceRecord record;
  record.trace_id = TraceId::from_bytes(in.raw(TraceId::byte_count)).value_or(TraceId{});
  const std::uint64_t start = record.start_unix_nanos = in.fixed64();
  record.end_unix_nanos = start + in.varint();
  record.spans = in.varint();
  record.errors = in.varint();
  record.handoffs = in.varint();
  record.root.is_set = true;
  record.root.has_parent = in.byte() != 0;
  record.root.start_unix_nanos = start + in.varint();
  record.root.end_unix_nanos = start + static_cast<std::uint64_t>(in.signed_varint());
  record.root.name = text_of(in);
  record.root.service = text_of(in);
  record.dates.resize(in.count());
  for (std::uint32_t& date : record.dates) date = static_cast<std::uint32_t>(in.varint());
  record.bots.resize(in.count());
  for (auto& bot : record.bots) {
    bot.name = text_of(in);
    bot.first_unix_nanos = start + in.varint();
  }
  record.nodes.resize(in.count());
  for (auto& node : record.nodes) {
    node.bot = text_of(in);
    node.node = text_of(in);
  }
  record.contacts.resize(in.count());
  for (auto& contact : record.contacts) {
    contact.number = static_cast<ContactNumber>(in.varint());
    contact.id = text_of(in);
  }
  record.conversations.resize(in.count());
  for (auto& conversation : record.conversations) conversation = text_of(in);
  if (in.failed() || !in.is_at_end()) return damaged("a trace's record");
  return record;
}

std::string encode_handoff(const HandoffView& handoff) {
  std::string bytes;
  ByteWriter out(bytes);
  out.byte(handoff_version).text(handoff.source).text(handoff.target).text(handoff.contact_id);
  out.text(handoff.reason).text(handoff.outcome);
  if (handoff.confidence) out.fixed64(std::bit_cast<std::uint64_t>(*handoff.confidence));
  return bytes;
}

Result<HandoffRecord> decode_handoff(std::string_view key, std::string_view value) {
  HandoffRecord handoff;
  ByteReader place(key);
  place.byte();
  place.fixed64();
  handoff.start_unix_nanos = place.fixed64();
  handoff.end_unix_nanos = place.fixed64();
  handoff.span_id = SpanId::from_bytes(place.raw(SpanId::byte_count)).value_or(SpanId{});
  ByteReader in(value);
  const std::uint8_t version = in.byte();
  handoff.source_bot = text_of(in);
  handoff.target_bot = text_of(in);
  handoff.contact_id = text_of(in);
  handoff.reason = text_of(in);
  handoff.outcome = text_of(in);
  if (!in.is_at_end()) handoff.confidence = std::bit_cast<double>(in.fixed64());
  if (place.failed() || in.failed() || version != handoff_version) return damaged("a handoff's record");
  return handoff;
}

}  // namespace segue::server::detail
