// Attribute: a key and a typed value, as given to spans, events and links.
//
//   span.add_event("intent_analyzed", {{"score", 0.93}, {"phrases", phrases}});
//
// Both hold views: what they point to must live until the call they are given to returns, no longer.
// Thread safety: plain values. Errors: none; values over a limit are cut (see SpanLimits).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>

namespace segue {

namespace detail {

template <class Range, class Element>
concept SpanOf =
    std::convertible_to<const Range&, std::span<const Element>> && !std::convertible_to<const Range&, std::string_view>;

template <class Range>
concept AttributeArray =
    SpanOf<Range, bool> || SpanOf<Range, std::int64_t> || SpanOf<Range, double> || SpanOf<Range, std::string_view>;

template <AttributeArray Range>
auto as_attribute_array(const Range& range) noexcept {
  if constexpr (SpanOf<Range, bool>)
    return std::span<const bool>(range);
  else if constexpr (SpanOf<Range, std::int64_t>)
    return std::span<const std::int64_t>(range);
  else if constexpr (SpanOf<Range, double>)
    return std::span<const double>(range);
  else
    return std::span<const std::string_view>(range);
}

}  // namespace detail

/// A bool, integer, double, string, or an array of one of them. Unsigned integers above 2^63-1 wrap, as OTLP has no such type.
class AttributeValue {
 public:
  using Variant =
      std::variant<bool, std::int64_t, double, std::string_view, std::span<const bool>, std::span<const std::int64_t>,
                   std::span<const double>, std::span<const std::string_view>>;

  AttributeValue(bool value) noexcept : value_(value) {}  // NOLINT: values are written in place
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  AttributeValue(T value) noexcept : value_(static_cast<std::int64_t>(value)) {}  // NOLINT
  template <std::floating_point T>
  AttributeValue(T value) noexcept : value_(static_cast<double>(value)) {}  // NOLINT
  template <std::convertible_to<std::string_view> T>
  AttributeValue(const T& value) noexcept : value_(std::string_view(value)) {}  // NOLINT
  /// Any contiguous range of one of the four types: an array, std::vector, std::span.
  template <class Range>
    requires detail::AttributeArray<Range>
  AttributeValue(const Range& values) noexcept : value_(detail::as_attribute_array(values)) {}  // NOLINT

  const Variant& variant() const noexcept { return value_; }

 private:
  Variant value_;
};

struct Attribute {
  std::string_view key;
  AttributeValue value;
};

/// Attributes written as `{{"key", value}, ...}` or held in any contiguous container.
class Attributes {
 public:
  Attributes() = default;
  Attributes(std::initializer_list<Attribute> list) noexcept : items_(list.begin(), list.size()) {}  // NOLINT
  template <std::convertible_to<std::span<const Attribute>> Range>
  Attributes(const Range& items) noexcept : items_(items) {}  // NOLINT

  auto begin() const noexcept { return items_.begin(); }
  auto end() const noexcept { return items_.end(); }
  std::size_t size() const noexcept { return items_.size(); }

 private:
  std::span<const Attribute> items_;
};

}  // namespace segue
