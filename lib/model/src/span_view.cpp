#include "segue/model/span_view.h"

namespace segue {

std::string_view to_string(SpanKind kind) noexcept {
  switch (kind) {
    case SpanKind::Unspecified: return "unspecified";
    case SpanKind::Internal: return "internal";
    case SpanKind::Server: return "server";
    case SpanKind::Client: return "client";
    case SpanKind::Producer: return "producer";
    case SpanKind::Consumer: return "consumer";
  }
  return "unspecified";
}

std::string_view to_string(StatusCode code) noexcept {
  switch (code) {
    case StatusCode::Unset: return "unset";
    case StatusCode::Ok: return "ok";
    case StatusCode::Error: return "error";
  }
  return "unset";
}

const ValueView* find_attribute(const AttributeViews& attributes, std::string_view key) noexcept {
  for (auto attribute = attributes.rbegin(); attribute != attributes.rend(); ++attribute) {
    if (attribute->key == key) return &attribute->value;
  }
  return nullptr;
}

std::string_view find_string(const AttributeViews& attributes, std::string_view key) noexcept {
  const ValueView* value = find_attribute(attributes, key);
  const auto* text = value != nullptr ? std::get_if<std::string_view>(value) : nullptr;
  return text != nullptr ? *text : std::string_view();
}

}  // namespace segue
