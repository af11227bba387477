// Writing OTLP's protobuf wire format straight into memory: no messages, no allocation, no branch to spare.
//
//   const std::size_t size = wire::string_attribute_size(key, value);
//   char* end = wire::write_string_attribute(reserve(size), key, value);
//
// Every `write_x` has an `x_size` that says beforehand how many bytes it will take, so that the
// nested length prefixes can be written in one pass. Field numbers are those of opentelemetry-proto's
// common.proto and trace.proto. Thread safety: pure functions. Errors: none; the caller provides the room.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace segue::otlp::wire {

static_assert(std::endian::native == std::endian::little, "fixed-width fields are copied as they lie in memory");

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5 };

/// The one-byte tag of a field numbered below 16.
constexpr char tag(std::uint32_t field, WireType type) noexcept {
  return static_cast<char>(field << 3 | static_cast<std::uint32_t>(type));
}

namespace span_field {
inline constexpr char trace_id = tag(1, WireType::Length);
inline constexpr char span_id = tag(2, WireType::Length);
inline constexpr char trace_state = tag(3, WireType::Length);
inline constexpr char parent_span_id = tag(4, WireType::Length);
inline constexpr char name = tag(5, WireType::Length);
inline constexpr char kind = tag(6, WireType::Varint);
inline constexpr char start_time = tag(7, WireType::Fixed64);
inline constexpr char end_time = tag(8, WireType::Fixed64);
inline constexpr char attributes = tag(9, WireType::Length);
inline constexpr char dropped_attributes = tag(10, WireType::Varint);
inline constexpr char events = tag(11, WireType::Length);
inline constexpr char dropped_events = tag(12, WireType::Varint);
inline constexpr char links = tag(13, WireType::Length);
inline constexpr char dropped_links = tag(14, WireType::Varint);
inline constexpr char status = tag(15, WireType::Length);
inline constexpr std::uint32_t flags_number = 16;  // its tag takes two bytes
}  // namespace span_field

namespace event_field {
inline constexpr char time = tag(1, WireType::Fixed64);
inline constexpr char name = tag(2, WireType::Length);
inline constexpr char attributes = tag(3, WireType::Length);
inline constexpr char dropped_attributes = tag(4, WireType::Varint);
}  // namespace event_field

namespace link_field {
inline constexpr char trace_id = tag(1, WireType::Length);
inline constexpr char span_id = tag(2, WireType::Length);
inline constexpr char trace_state = tag(3, WireType::Length);
inline constexpr char attributes = tag(4, WireType::Length);
inline constexpr char dropped_attributes = tag(5, WireType::Varint);
inline constexpr char flags = tag(6, WireType::Fixed32);
}  // namespace link_field

namespace status_field {
inline constexpr char message = tag(2, WireType::Length);
inline constexpr char code = tag(3, WireType::Varint);
}  // namespace status_field

namespace key_value_field {
inline constexpr char key = tag(1, WireType::Length);
inline constexpr char value = tag(2, WireType::Length);
}  // namespace key_value_field

namespace any_value_field {
inline constexpr char string_value = tag(1, WireType::Length);
inline constexpr char bool_value = tag(2, WireType::Varint);
inline constexpr char int_value = tag(3, WireType::Varint);
inline constexpr char double_value = tag(4, WireType::Fixed64);
inline constexpr char array_value = tag(5, WireType::Length);
inline constexpr char map_value = tag(6, WireType::Length);
inline constexpr char bytes_value = tag(7, WireType::Length);
}  // namespace any_value_field

/// ArrayValue.values and KeyValueList.values.
inline constexpr char repeated_values = tag(1, WireType::Length);
/// ScopeSpans.spans, ResourceSpans.scope_spans and Resource.attributes, in this order.
inline constexpr char scope_spans_spans = tag(2, WireType::Length);
inline constexpr char resource_spans_scope_spans = tag(2, WireType::Length);
inline constexpr char resource_attributes = tag(1, WireType::Length);

/// Bytes a varint takes: 1 to 10.
constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  // ceil(bits / 7) for up to 64 bits, by a multiplication and a shift.
  return (static_cast<std::size_t>(std::bit_width(value | 1U)) * 9 + 64) / 64;
}

inline char* write_varint(char* out, std::uint64_t value) noexcept {
  while (value >= 0x80) [[unlikely]] {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

inline char* write_bytes(char* out, std::string_view bytes) noexcept {
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

/// Tag, length and content of a length-delimited field with a one-byte tag.
constexpr std::size_t length_field_size(std::size_t content) noexcept { return 1 + varint_size(content) + content; }

/// Tag and length only; the content follows.
inline char* write_length_prefix(char* out, char field_tag, std::size_t content) noexcept {
  *out++ = field_tag;
  return write_varint(out, content);
}

inline char* write_length_field(char* out, char field_tag, std::string_view content) noexcept {
  out = write_length_prefix(out, field_tag, content.size());
  return content.empty() ? out : write_bytes(out, content);
}

constexpr std::size_t varint_field_size(std::uint64_t value) noexcept { return 1 + varint_size(value); }

inline char* write_varint_field(char* out, char field_tag, std::uint64_t value) noexcept {
  *out++ = field_tag;
  return write_varint(out, value);
}

inline constexpr std::size_t fixed64_field_size = 9;

inline char* write_fixed64_field(char* out, char field_tag, std::uint64_t value) noexcept {
  *out++ = field_tag;
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

inline constexpr std::size_t fixed32_field_size = 5;

inline char* write_fixed32_field(char* out, char field_tag, std::uint32_t value) noexcept {
  *out++ = field_tag;
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

inline constexpr std::size_t span_flags_size = 6;

/// Span.flags, field 16.
inline char* write_span_flags(char* out, std::uint32_t flags) noexcept {
  out = write_varint(out, span_field::flags_number << 3 | static_cast<std::uint32_t>(WireType::Fixed32));
  std::memcpy(out, &flags, sizeof flags);
  return out + sizeof flags;
}

/// A KeyValue whose AnyValue message takes `any_value` bytes, without its own tag and length.
constexpr std::size_t key_value_size(std::size_t key, std::size_t any_value) noexcept {
  return length_field_size(key) + length_field_size(any_value);
}

/// Everything of a KeyValue field up to its AnyValue's content, which the caller writes next.
inline char* write_key_value_prefix(char* out, char field_tag, std::string_view key, std::size_t any_value) noexcept {
  out = write_length_prefix(out, field_tag, key_value_size(key.size(), any_value));
  out = write_length_field(out, key_value_field::key, key);
  return write_length_prefix(out, key_value_field::value, any_value);
}

}  // namespace segue::otlp::wire
