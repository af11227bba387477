// Finding an attribute among those given at start.
#pragma once

#include <string_view>

#include "segue/model/attributes.h"
#include "segue/trace/attribute.h"

namespace segue::detail {

/// The value of `key`, or null. The last one wins, as it does on the span.
inline const AttributeValue* find_attribute(Attributes attributes, std::string_view key) noexcept {
  const AttributeValue* found = nullptr;
  for (const Attribute& attribute : attributes) {
    if (attribute.key == key) found = &attribute.value;
  }
  return found;
}

/// The text of `key`, or empty when it is missing or not a string.
inline std::string_view find_text(Attributes attributes, std::string_view key) noexcept {
  const AttributeValue* value = find_attribute(attributes, key);
  const auto* text = value != nullptr ? std::get_if<std::string_view>(&value->variant()) : nullptr;
  return text != nullptr ? *text : std::string_view();
}

/// The contact that a workflow or handoff span is about, or empty.
inline std::string_view find_contact(Attributes given) noexcept {
  const std::string_view contact = find_text(given, attributes::workflow_contact_id);
  return !contact.empty() ? contact : find_text(given, attributes::handoff_contact_id);
}

}  // namespace segue::detail
