#include "segue/trace/span_observer.h"

#include "provider_state.h"
#include "segue/otlp/decode.h"
#include "span_slot.h"

namespace segue {

std::string_view FinishedSpan::name() const noexcept { return slot_.name(); }
SpanKind FinishedSpan::kind() const noexcept { return slot_.kind; }
StatusCode FinishedSpan::status() const noexcept { return slot_.status; }
std::string_view FinishedSpan::status_message() const noexcept {
  return slot_.status == StatusCode::Error ? slot_.status_message.view() : std::string_view();
}
const SpanContext& FinishedSpan::context() const noexcept { return slot_.node.context; }
const SpanId& FinishedSpan::parent_span_id() const noexcept { return slot_.parent_span_id; }
std::string_view FinishedSpan::scope() const noexcept { return slot_.tracer->name; }

ValueView FinishedSpan::attribute(std::string_view key) const noexcept {
  const std::string_view message = slot_.find_attribute(key);
  if (message.empty()) return {};
  const auto decoded = otlp::decode_attribute(message);
  return decoded ? decoded->value : ValueView();
}

}  // namespace segue
