// Decoding OTLP protobuf into span views that still point into the bytes they came from.
//
//   Result<otlp::DecodedRequest> request = otlp::decode_request(body);
//   if (!request) return bad_request(request.error());
//   for (const SpanView& span : request->list.spans) store(span, span.resource->service());
//
// Nothing is copied: `body` must outlive the views. Arrays and maps stay encoded and are read with
// `for_each_element` and `for_each_entry`; decoding has already checked them down to the last byte.
// Thread safety: pure functions, from any thread. Errors: malformed bytes are InvalidArgument, too
// many or too deep LimitExceeded; the message says where. A span with a bad id does not spoil its
// request: it is left out and counted. Unknown fields are ignored. Text is passed on as it is, even
// where it is not UTF-8; JSON output replaces what is not.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/model/span_view.h"

namespace segue::otlp {

/// How much one request may make us allocate, whatever its bytes say.
struct DecodeLimits {
  /// Levels of arrays and maps inside an attribute's value; a plain value has none.
  std::uint8_t max_value_depth = 64;
  /// Spans of one request, rejected ones included.
  std::size_t max_spans = 1'000'000;
  /// Resources, scopes, attributes, events and links of one request, together; values inside
  /// arrays and maps are free, since they are not decoded.
  std::size_t max_items = 4'000'000;
};

struct DecodedRequest {
  SpanList list;
  /// Spans left out because their trace, span or parent id is missing, zero or of the wrong length.
  std::uint64_t rejected_spans = 0;
  /// Why the first of them was; empty if none was.
  std::string rejection_message;
};

/// Decodes an ExportTraceServiceRequest or a TracesData message; they are the same on the wire.
Result<DecodedRequest> decode_request(std::string_view protobuf, const DecodeLimits& limits = {});

/// Decodes a bare Span message; its `resource` and `scope` are null. A bad id is InvalidArgument.
Result<SpanView> decode_span(std::string_view protobuf, const DecodeLimits& limits = {});

/// Decodes a bare Resource message; `schema_url` is not part of it.
Result<ResourceView> decode_resource(std::string_view protobuf, const DecodeLimits& limits = {});

/// Decodes a bare InstrumentationScope message; `schema_url` is not part of it.
Result<ScopeView> decode_scope(std::string_view protobuf, const DecodeLimits& limits = {});

/// Decodes a bare KeyValue message; arrays and maps inside it are not checked. Empty if it is malformed.
std::optional<AttributeView> decode_attribute(std::string_view protobuf) noexcept;

namespace detail {
enum class Step : std::uint8_t { Item, End, Malformed };
// Each takes one item off the front of `rest`.
Step next_element(std::string_view& rest, ValueView& element) noexcept;
Step next_entry(std::string_view& rest, AttributeView& entry) noexcept;
}  // namespace detail

/// Calls `visit(element)` for each element in order. False if the bytes are malformed, which those
/// of a decoded request never are; elements before the damage have been visited then.
template <std::invocable<const ValueView&> Visit>
[[nodiscard]] bool for_each_element(ArrayView array, Visit&& visit) {
  ValueView element;
  detail::Step step;
  while ((step = detail::next_element(array.encoded, element)) == detail::Step::Item) visit(element);
  return step == detail::Step::End;
}

/// The same for a map: calls `visit(entry)` for each entry, in the order and as often as sent.
template <std::invocable<const AttributeView&> Visit>
[[nodiscard]] bool for_each_entry(MapView map, Visit&& visit) {
  AttributeView entry;
  detail::Step step;
  while ((step = detail::next_entry(map.encoded, entry)) == detail::Step::Item) visit(entry);
  return step == detail::Step::End;
}

}  // namespace segue::otlp
