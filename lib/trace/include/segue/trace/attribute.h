// Attribute: a key and a typed value, as given to spans, events and links.
//
//   span.add_event("intent_analyzed", {{"score", 0.93}, {"phrases", phrases}});
//   span.set({"tool", Attributes{{"name", "lookup"}, {"arguments", AttributeValues{1, "two", nullptr}}}});
//
// They hold views: what they point to must live until the call they are given to returns, no longer.
// Thread safety: plain values. Errors: none; values over a limit are cut (see SpanLimits).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "segue/model/span_view.h"

namespace segue {

class Attributes;
class AttributeValues;

namespace detail {

// The two lists are asked for first: whether they are ranges must not be looked into before their elements are complete.
template <class Range>
concept OtherRange = !std::same_as<Range, Attributes> && !std::same_as<Range, AttributeValues>;

template <class Range, class Element>
concept SpanOf = OtherRange<Range> && std::convertible_to<const Range&, std::span<const Element>> &&
                 !std::convertible_to<const Range&, std::string_view>;

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

class AttributeValue;
struct Attribute;

/// Attributes written as `{{"key", value}, ...}` or held in any contiguous container. As a value: a map.
class Attributes {
 public:
  Attributes() = default;
  Attributes(std::initializer_list<Attribute> list) noexcept : size_(list.size()) { data_ = list.begin(); }  // NOLINT
  template <detail::SpanOf<Attribute> Range>
  Attributes(const Range& items) noexcept  // NOLINT
      : data_(std::span<const Attribute>(items).data()), size_(std::span<const Attribute>(items).size()) {}

  const Attribute* begin() const noexcept { return data_; }
  const Attribute* end() const noexcept;
  std::size_t size() const noexcept { return size_; }

 private:
  const Attribute* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Values of different types, written as `AttributeValues{1, "two", nullptr}` or held in any contiguous container.
class AttributeValues {
 public:
  AttributeValues() = default;
  AttributeValues(std::initializer_list<AttributeValue> list) noexcept : size_(list.size()) { data_ = list.begin(); }
  template <detail::SpanOf<AttributeValue> Range>
  explicit AttributeValues(const Range& items) noexcept
      : data_(std::span<const AttributeValue>(items).data()), size_(std::span<const AttributeValue>(items).size()) {}

  const AttributeValue* begin() const noexcept { return data_; }
  const AttributeValue* end() const noexcept;
  std::size_t size() const noexcept { return size_; }

 private:
  const AttributeValue* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A bool, integer, double, string, bytes, null (nullptr), an array of one type (any contiguous range) or of several
/// (`AttributeValues`), or a map (`Attributes`). Unsigned integers above 2^63-1 wrap, as OTLP has no such type.
class AttributeValue {
 public:
  using Variant = std::variant<std::monostate, bool, std::int64_t, double, std::string_view, BytesView,
                               std::span<const bool>, std::span<const std::int64_t>, std::span<const double>,
                               std::span<const std::string_view>, AttributeValues, Attributes>;

  AttributeValue(std::nullptr_t) noexcept {}              // NOLINT: values are written in place
  AttributeValue(bool value) noexcept : value_(value) {}  // NOLINT
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  AttributeValue(T value) noexcept : value_(static_cast<std::int64_t>(value)) {}  // NOLINT
  template <std::floating_point T>
  AttributeValue(T value) noexcept : value_(static_cast<double>(value)) {}  // NOLINT
  template <std::convertible_to<std::string_view> T>
  AttributeValue(const T& value) noexcept : value_(std::string_view(value)) {}  // NOLINT
  AttributeValue(BytesView value) noexcept : value_(value) {}                   // NOLINT
  /// Any contiguous range of one of the four types: an array, std::vector, std::span.
  template <class Range>
    requires detail::AttributeArray<Range>
  AttributeValue(const Range& values) noexcept : value_(detail::as_attribute_array(values)) {}  // NOLINT
  // Named in place: a choice by the compiler would look into ranges of what is incomplete here.
  AttributeValue(AttributeValues values) noexcept : value_(std::in_place_type<AttributeValues>, values) {}  // NOLINT
  AttributeValue(Attributes map) noexcept : value_(std::in_place_type<Attributes>, map) {}                  // NOLINT

  const Variant& variant() const noexcept { return value_; }

 private:
  Variant value_;
};

struct Attribute {
  std::string_view key;
  AttributeValue value;
};

inline const Attribute* Attributes::end() const noexcept { return data_ + size_; }
inline const AttributeValue* AttributeValues::end() const noexcept { return data_ + size_; }

}  // namespace segue
