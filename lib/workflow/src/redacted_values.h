// RedactedValues: an application's own values as the redactor lets them be recorded, also what is inside arrays and maps.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/trace/attribute.h"

namespace segue::detail {

/// Holds what differs from the values given; what it gives out lives as long as it and they do. Only for when a redactor is set.
class RedactedValues {
 public:
  /// `value` as it may be recorded under `key`, or nothing. Elements of arrays are asked about under the array's key, entries of
  /// maps under `key.entry`; those that may not be recorded are left out.
  std::optional<AttributeValue> value(std::string_view key, const AttributeValue& value);

  Attributes all(Attributes given) { return entries(given, {}); }

 private:
  std::optional<AttributeValue> text(std::string_view key, std::string_view given);
  AttributeValue array(std::string_view key, std::span<const std::string_view> given);
  AttributeValue array(std::string_view key, AttributeValues given);
  Attributes entries(Attributes given, const std::string& prefix);

  // Deques: what has been given out must not move.
  std::deque<std::string> texts_;
  std::deque<std::vector<std::string_view>> text_arrays_;
  std::deque<std::vector<AttributeValue>> arrays_;
  std::deque<std::vector<Attribute>> maps_;
};

}  // namespace segue::detail
