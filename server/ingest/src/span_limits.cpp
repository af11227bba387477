#include "span_limits.h"

#include <variant>

namespace segue::server {
namespace {

struct ValueBytes {
  std::size_t operator()(std::string_view text) const noexcept { return text.size(); }
  std::size_t operator()(const BytesView& value) const noexcept { return value.bytes.size(); }
  std::size_t operator()(const ArrayView& value) const noexcept { return value.encoded.size(); }
  std::size_t operator()(const MapView& value) const noexcept { return value.encoded.size(); }
  std::size_t operator()(const auto& number) const noexcept { return sizeof number; }
};

std::size_t content_bytes(const AttributeViews& attributes) noexcept {
  std::size_t bytes = 0;
  for (const AttributeView& attribute : attributes) {
    bytes += attribute.key.size() + std::visit(ValueBytes{}, attribute.value);
  }
  return bytes;
}

}  // namespace

std::size_t content_bytes(const SpanView& span) noexcept {
  std::size_t bytes = span.name.size() + span.trace_state.size() + span.status_message.size();
  bytes += content_bytes(span.attributes);
  for (const EventView& event : span.events) bytes += event.name.size() + content_bytes(event.attributes);
  for (const LinkView& link : span.links) bytes += link.trace_state.size() + content_bytes(link.attributes);
  return bytes;
}

std::optional<RejectReason> exceeded_limit(const SpanView& span, const IngestLimits& limits) noexcept {
  if (span.attributes.size() > limits.max_attributes_per_span) return RejectReason::TooManyAttributes;
  if (content_bytes(span) > limits.max_span_bytes) return RejectReason::TooLarge;
  return std::nullopt;
}

}  // namespace segue::server
