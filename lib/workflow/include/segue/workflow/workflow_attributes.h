// WorkflowAttributes: an application's own values for a workflow span, recorded as `workflow.<key>`.
//
//   workflow_span("buyer_bot", "match", {.attributes = {{"budget", 650'000}, {"score", score}, {"source", std::nullopt}}});
//
// What has no value is not recorded: std::nullopt, an empty std::optional, a null `const char*`.
// They hold views: what they point to must live until the call they are given to returns. Thread safety: plain values. Errors: none.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "segue/trace/attribute.h"

namespace segue {

/// An attribute's value, or none.
class OptionalValue {
 public:
  OptionalValue(std::nullopt_t) noexcept {}   // NOLINT: values are written in place
  OptionalValue(std::nullptr_t) noexcept {}   // NOLINT
  OptionalValue(const char* text) noexcept {  // NOLINT
    if (text != nullptr) value_.emplace(std::string_view(text));
  }
  template <std::convertible_to<AttributeValue> T>
  OptionalValue(const T& value) noexcept : value_(value) {}  // NOLINT
  template <std::convertible_to<AttributeValue> T>
  OptionalValue(const std::optional<T>& value) noexcept {  // NOLINT
    if (value) value_.emplace(*value);
  }

  const std::optional<AttributeValue>& get() const noexcept { return value_; }

 private:
  std::optional<AttributeValue> value_;
};

struct WorkflowAttribute {
  std::string_view key;
  OptionalValue value;
};

/// Written as `{{"key", value}, ...}` or held in any contiguous container.
class WorkflowAttributes {
 public:
  WorkflowAttributes() = default;
  WorkflowAttributes(std::initializer_list<WorkflowAttribute> list) noexcept
      : items_(list.begin(), list.size()) {}  // NOLINT
  template <std::convertible_to<std::span<const WorkflowAttribute>> Range>
  WorkflowAttributes(const Range& items) noexcept : items_(items) {}  // NOLINT

  auto begin() const noexcept { return items_.begin(); }
  auto end() const noexcept { return items_.end(); }

 private:
  std::span<const WorkflowAttribute> items_;
};

}  // namespace segue
