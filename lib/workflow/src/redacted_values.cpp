#include "redacted_values.h"

#include <utility>

#include "redacted.h"

namespace segue::detail {

std::optional<AttributeValue> RedactedValues::value(std::string_view key, const AttributeValue& value) {
  const AttributeValue::Variant& given = value.variant();
  if (const auto* one = std::get_if<std::string_view>(&given)) return text(key, *one);
  if (const auto* some = std::get_if<std::span<const std::string_view>>(&given)) return array(key, *some);
  if (const auto* mixed = std::get_if<AttributeValues>(&given)) return array(key, *mixed);
  if (const auto* map = std::get_if<Attributes>(&given)) return entries(*map, std::string(key) + ".");
  return value;
}

std::optional<AttributeValue> RedactedValues::text(std::string_view key, std::string_view given) {
  const std::string_view shown = redacted(key, given, texts_.emplace_back());
  if (shown.empty() && !given.empty()) return std::nullopt;
  return shown;
}

AttributeValue RedactedValues::array(std::string_view key, std::span<const std::string_view> given) {
  std::vector<std::string_view>& shown = text_arrays_.emplace_back();
  for (const std::string_view element : given) {
    const std::string_view left = redacted(key, element, texts_.emplace_back());
    if (!left.empty() || element.empty()) shown.push_back(left);
  }
  return shown;
}

AttributeValue RedactedValues::array(std::string_view key, AttributeValues given) {
  std::vector<AttributeValue>& shown = arrays_.emplace_back();
  for (const AttributeValue& element : given) {
    if (const auto left = value(key, element)) shown.push_back(*left);
  }
  return AttributeValues(shown);
}

Attributes RedactedValues::entries(Attributes given, const std::string& prefix) {
  std::vector<Attribute>& shown = maps_.emplace_back();
  for (const Attribute& entry : given) {
    if (const auto left = value(prefix + std::string(entry.key), entry.value)) shown.push_back({entry.key, *left});
  }
  return shown;
}

}  // namespace segue::detail
