#include "attribute_encoding.h"

#include <bit>

#include "segue/otlp/wire.h"
#include "text.h"

namespace segue::detail {
namespace {

namespace wire = otlp::wire;
namespace field = otlp::wire::any_value_field;

std::size_t scalar_size(bool, std::size_t) noexcept { return 2; }
std::size_t scalar_size(std::int64_t value, std::size_t) noexcept {
  return wire::varint_field_size(static_cast<std::uint64_t>(value));
}
std::size_t scalar_size(double, std::size_t) noexcept { return wire::fixed64_field_size; }
std::size_t scalar_size(std::string_view value, std::size_t max_characters) noexcept {
  return wire::length_field_size(clean_text(value, max_characters).size());
}

char* write_scalar(char* out, bool value, std::size_t) noexcept {
  return wire::write_varint_field(out, field::bool_value, value ? 1 : 0);
}
char* write_scalar(char* out, std::int64_t value, std::size_t) noexcept {
  return wire::write_varint_field(out, field::int_value, static_cast<std::uint64_t>(value));
}
char* write_scalar(char* out, double value, std::size_t) noexcept {
  return wire::write_fixed64_field(out, field::double_value, std::bit_cast<std::uint64_t>(value));
}
char* write_scalar(char* out, std::string_view value, std::size_t max_characters) noexcept {
  return wire::write_length_field(out, field::string_value, clean_text(value, max_characters));
}

template <class T>
std::size_t array_size(std::span<const T> values, std::size_t max_characters) noexcept {
  std::size_t size = 0;
  for (const T& value : values) size += wire::length_field_size(scalar_size(value, max_characters));
  return size;
}

// One overload set for scalars and arrays, so that a single visit serves both.
template <class T>
std::size_t value_size(const T& value, std::size_t max_characters) noexcept {
  return scalar_size(value, max_characters);
}
template <class T>
std::size_t value_size(std::span<const T> values, std::size_t max_characters) noexcept {
  return wire::length_field_size(array_size(values, max_characters));
}

template <class T>
char* write_value(char* out, const T& value, std::size_t max_characters) noexcept {
  return write_scalar(out, value, max_characters);
}
template <class T>
char* write_value(char* out, std::span<const T> values, std::size_t max_characters) noexcept {
  out = wire::write_length_prefix(out, field::array_value, array_size(values, max_characters));
  for (const T& value : values) {
    out = wire::write_length_prefix(out, wire::repeated_values, scalar_size(value, max_characters));
    out = write_scalar(out, value, max_characters);
  }
  return out;
}

}  // namespace

std::size_t any_value_size(const AttributeValue& value, std::size_t max_characters) noexcept {
  return std::visit([&](const auto& held) { return value_size(held, max_characters); }, value.variant());
}

char* write_any_value(char* out, const AttributeValue& value, std::size_t max_characters) noexcept {
  return std::visit([&](const auto& held) { return write_value(out, held, max_characters); }, value.variant());
}

std::uint32_t append_attributes(ByteBuffer& out, char field_tag, Attributes attributes, std::size_t max_attributes,
                                std::size_t max_characters) noexcept {
  std::uint32_t left_out = 0;
  std::size_t written = 0;
  for (const Attribute& attribute : attributes) {
    if (attribute.key.empty() || written == max_attributes) {
      ++left_out;
      continue;
    }
    const std::size_t value_bytes = any_value_size(attribute.value, max_characters);
    const std::string_view key = clean_text(attribute.key, SIZE_MAX);
    char* at = out.extend(wire::length_field_size(wire::key_value_size(key.size(), value_bytes)));
    if (at == nullptr) return left_out + 1;
    at = wire::write_key_value_prefix(at, field_tag, key, value_bytes);
    write_any_value(at, attribute.value, max_characters);
    ++written;
  }
  return left_out;
}

}  // namespace segue::detail
