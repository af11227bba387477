// Reading fields of a span's message under way, which this module wrote itself: nothing in it can be malformed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue::detail {

inline std::uint64_t read_varint(const char*& at) noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return value;
  }
}

/// A length-delimited field of the body, as everything behind the header is.
struct BodyField {
  char field_tag;
  std::string_view content;
  std::size_t size;  ///< Of the whole field.
};

inline BodyField read_field(const char* field) noexcept {
  const char* at = field + 1;
  const std::uint64_t length = read_varint(at);
  return {*field, {at, length}, static_cast<std::size_t>(at - field) + length};
}

}  // namespace segue::detail
