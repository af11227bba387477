// Attribute values in OTLP wire form, wherever they occur: on spans, events, links and resources.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "byte_buffer.h"
#include "segue/trace/attribute.h"

namespace segue::detail {

struct ValueLimits {
  std::size_t max_characters = SIZE_MAX;  ///< Of each string; bytes of each byte string.
  std::uint32_t max_depth = 64;           ///< Arrays and maps nested deeper become null; a plain value has no depth.
};

/// Bytes of the AnyValue message for `value`.
std::size_t any_value_size(const AttributeValue& value, ValueLimits limits) noexcept;

/// Writes exactly `any_value_size` bytes and returns their end.
char* write_any_value(char* out, const AttributeValue& value, ValueLimits limits) noexcept;

/// Appends up to `max_attributes` KeyValue fields and returns how many were left out. Of a repeated key the last counts.
std::uint32_t append_attributes(ByteBuffer& out, char field_tag, Attributes attributes, std::size_t max_attributes,
                                ValueLimits limits) noexcept;

}  // namespace segue::detail
