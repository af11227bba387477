// Attribute values in OTLP wire form, wherever they occur: on spans, events, links and resources.
#pragma once

#include <cstddef>
#include <string_view>

#include "byte_buffer.h"
#include "segue/trace/attribute.h"

namespace segue::detail {

/// Bytes of the AnyValue message for `value`, whose strings are cut to `max_characters`.
std::size_t any_value_size(const AttributeValue& value, std::size_t max_characters) noexcept;

/// Writes exactly `any_value_size` bytes and returns their end.
char* write_any_value(char* out, const AttributeValue& value, std::size_t max_characters) noexcept;

/// Appends up to `max_attributes` KeyValue fields and returns how many were left out.
std::uint32_t append_attributes(ByteBuffer& out, char field_tag, Attributes attributes, std::size_t max_attributes,
                                std::size_t max_characters) noexcept;

}  // namespace segue::detail
