// Spans for tests, written down as fields.
//
//   const SpanList list = make_spans({{.id = 1, .name = "POST /webhook", .start_ms = 0, .end_ms = 350},
//                                     {.id = 2, .parent = 1, .name = "lead_bot.qualify", .start_ms = 10, .end_ms = 90}});
//
// Times are milliseconds after `test_epoch_nanos`. Plain values, any thread. Errors: none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "segue/model/attributes.h"
#include "segue/model/span_view.h"

namespace segue::server::testing {

/// 2025-05-12T09:14:02Z
inline constexpr std::uint64_t test_epoch_nanos = 1'747'041'242'000'000'000;

inline std::uint64_t at_ms(std::int64_t milliseconds) {
  return test_epoch_nanos + static_cast<std::uint64_t>(milliseconds * 1'000'000);
}

template <class AnyId>
AnyId id_of(unsigned number) {
  AnyId id;
  id.bytes.back() = static_cast<std::uint8_t>(number);
  id.bytes[AnyId::byte_count - 2] = static_cast<std::uint8_t>(number >> 8);
  return id;
}

inline TraceId trace_id(unsigned number) { return id_of<TraceId>(number); }
inline SpanId span_id(unsigned number) { return id_of<SpanId>(number); }

struct SpanFields {
  unsigned trace = 1;
  unsigned id = 1;
  unsigned parent = 0;  ///< 0: a root.
  std::string name = "span";
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::vector<std::pair<std::string, std::variant<std::string, double, bool>>> attributes = {};
  std::vector<unsigned> linked_traces = {};
  bool failed = false;
  std::string status_message = {};
  std::string service = "jorge";
};

namespace detail {

inline AttributeViews views_of(const SpanFields& fields) {
  AttributeViews views;
  for (const auto& [key, value] : fields.attributes) {
    AttributeView view{key, {}};
    if (const auto* text = std::get_if<std::string>(&value)) view.value = std::string_view(*text);
    if (const auto* number = std::get_if<double>(&value)) view.value = *number;
    if (const auto* truth = std::get_if<bool>(&value)) view.value = *truth;
    views.push_back(view);
  }
  return views;
}

inline SpanView view_of(const SpanFields& fields) {
  SpanView view;
  view.trace_id = trace_id(fields.trace);
  view.span_id = span_id(fields.id);
  view.parent_span_id = span_id(fields.parent);
  view.name = fields.name;
  view.kind = SpanKind::Internal;
  view.start_unix_nanos = at_ms(fields.start_ms);
  view.end_unix_nanos = at_ms(fields.end_ms);
  view.attributes = views_of(fields);
  for (const unsigned trace : fields.linked_traces) {
    LinkView& link = view.links.emplace_back();
    link.trace_id = trace_id(trace);
    link.span_id = span_id(1);
  }
  view.status = fields.failed ? StatusCode::Error : StatusCode::Unset;
  view.status_message = fields.status_message;
  return view;
}

}  // namespace detail

/// Keeps fields and views together: the views point into the fields.
struct SpanListWithFields {
  std::shared_ptr<const std::vector<SpanFields>> fields;
  SpanList list;
  const std::vector<SpanView>& spans() const { return list.spans; }
};

inline SpanListWithFields make_spans(std::vector<SpanFields> fields) {
  SpanListWithFields made{std::make_shared<const std::vector<SpanFields>>(std::move(fields)), {}};
  for (const SpanFields& span : *made.fields) {
    const auto resource = [&] {
      auto owned = std::make_unique<ResourceView>();
      owned->attributes.push_back({attributes::service_name, std::string_view(span.service)});
      return owned;
    };
    made.list.resources.push_back(resource());
    made.list.scopes.push_back(std::make_unique<ScopeView>());
    made.list.spans.push_back(detail::view_of(span));
    made.list.spans.back().resource = made.list.resources.back().get();
    made.list.spans.back().scope = made.list.scopes.back().get();
  }
  return made;
}

}  // namespace segue::server::testing
