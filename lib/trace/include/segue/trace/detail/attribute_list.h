// AttributeList: the attributes that are known when a span starts, gathered without allocating. For Segue's own modules.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

#include "segue/trace/attribute.h"

namespace segue::detail {

class AttributeList {
 public:
  /// More than any caller adds; what is beyond is left out.
  static constexpr std::size_t capacity = 24;

  AttributeList() noexcept {}  // NOLINT: the items come to be one by one
  AttributeList(const AttributeList&) = delete;
  AttributeList& operator=(const AttributeList&) = delete;

  void add(std::string_view key, const AttributeValue& value) noexcept {
    if (size_ < capacity) std::construct_at(&items[size_++], Attribute{key, value});
  }

  void add_if_given(std::string_view key, std::string_view value) noexcept {
    if (!value.empty()) add(key, value);
  }

  Attributes all() const noexcept { return std::span<const Attribute>(items, size_); }

 private:
  static_assert(std::is_trivially_destructible_v<Attribute>);
  union {
    Attribute items[capacity];
  };
  std::size_t size_ = 0;
};

}  // namespace segue::detail
