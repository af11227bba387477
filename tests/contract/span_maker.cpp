#include "span_maker.h"

#include "segue/model/attributes.h"

namespace segue::server::contract {
namespace {

template <class IdType>
IdType id_of(std::uint64_t number) {
  IdType id;
  id.bytes.front() = 0xa5;  // never the invalid id
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[IdType::byte_count - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return id;
}

}  // namespace

TraceId trace_id(std::uint64_t number) { return id_of<TraceId>(number); }
SpanId span_id(std::uint64_t number) { return id_of<SpanId>(number); }

void SpanMaker::use_service(std::string_view service) {
  auto resource = std::make_unique<ResourceView>();
  resource->attributes.push_back({attributes::service_name, keep(service)});
  list_.resources.push_back(std::move(resource));
  if (list_.scopes.empty()) list_.scopes.push_back(std::make_unique<ScopeView>());
}

SpanView& SpanMaker::span(std::uint64_t trace, std::uint64_t span, std::string_view name, std::uint64_t start,
                          std::uint64_t length) {
  SpanView& made = list_.spans.emplace_back();
  made.trace_id = trace_id(trace);
  made.span_id = span_id(span);
  made.name = keep(name);
  made.kind = SpanKind::Internal;
  made.start_unix_nanos = start;
  made.end_unix_nanos = start + length;
  made.resource = list_.resources.back().get();
  made.scope = list_.scopes.back().get();
  return made;
}

SpanView& SpanMaker::node(std::uint64_t trace, std::uint64_t span_number, std::string_view bot, std::string_view node,
                          std::string_view contact, std::uint64_t start, std::uint64_t length) {
  SpanView& made = span(trace, span_number, std::string(bot) + "." + std::string(node), start, length);
  set(made, attributes::workflow_bot_type, bot);
  set(made, attributes::workflow_node_name, node);
  if (!contact.empty()) set(made, attributes::workflow_contact_id, contact);
  return made;
}

SpanView& SpanMaker::handoff(std::uint64_t trace, std::uint64_t span_number, std::string_view source,
                             std::string_view target, std::string_view contact, std::uint64_t start) {
  SpanView& made = span(trace, span_number, "handoff." + std::string(source) + "_to_" + std::string(target), start, 50);
  set(made, attributes::handoff_source_bot, source);
  set(made, attributes::handoff_target_bot, target);
  set(made, attributes::handoff_contact_id, contact);
  set(made, attributes::handoff_reason, "intent");
  set(made, attributes::handoff_outcome, "executed");
  made.attributes.push_back({attributes::handoff_confidence, 0.9});
  return made;
}

}  // namespace segue::server::contract
