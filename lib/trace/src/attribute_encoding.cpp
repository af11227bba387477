#include "attribute_encoding.h"

#include <algorithm>
#include <bit>
#include <concepts>
#include <optional>

#include "segue/otlp/wire.h"
#include "segue/trace/encode_attributes.h"
#include "text.h"

namespace segue::detail {
namespace {

namespace wire = otlp::wire;
namespace field = otlp::wire::any_value_field;

std::string_view cut(BytesView value, ValueLimits limits) noexcept {
  return value.bytes.substr(0, limits.max_characters);
}

std::size_t value_size(std::monostate, ValueLimits) noexcept { return 0; }
std::size_t value_size(bool, ValueLimits) noexcept { return 2; }
std::size_t value_size(std::int64_t value, ValueLimits) noexcept {
  return wire::varint_field_size(static_cast<std::uint64_t>(value));
}
std::size_t value_size(double, ValueLimits) noexcept { return wire::fixed64_field_size; }
std::size_t value_size(std::string_view value, ValueLimits limits) noexcept {
  return wire::length_field_size(clean_text(value, limits.max_characters).size());
}
std::size_t value_size(BytesView value, ValueLimits limits) noexcept {
  return wire::length_field_size(cut(value, limits).size());
}

char* write_value(char* out, std::monostate, ValueLimits) noexcept { return out; }
char* write_value(char* out, bool value, ValueLimits) noexcept {
  return wire::write_varint_field(out, field::bool_value, value ? 1 : 0);
}
char* write_value(char* out, std::int64_t value, ValueLimits) noexcept {
  return wire::write_varint_field(out, field::int_value, static_cast<std::uint64_t>(value));
}
char* write_value(char* out, double value, ValueLimits) noexcept {
  return wire::write_fixed64_field(out, field::double_value, std::bit_cast<std::uint64_t>(value));
}
char* write_value(char* out, std::string_view value, ValueLimits limits) noexcept {
  return wire::write_length_field(out, field::string_value, clean_text(value, limits.max_characters));
}
char* write_value(char* out, BytesView value, ValueLimits limits) noexcept {
  return wire::write_length_field(out, field::bytes_value, cut(value, limits));
}

// An element of an array is an AnyValue; an entry of a map is a KeyValue.
std::size_t item_size(const AttributeValue& element, ValueLimits limits) noexcept {
  return any_value_size(element, limits);
}
template <class T>
std::size_t item_size(const T& element, ValueLimits limits) noexcept {
  return value_size(element, limits);
}
std::size_t item_size(const Attribute& entry, ValueLimits limits) noexcept {
  return wire::key_value_size(clean_text(entry.key, SIZE_MAX).size(), any_value_size(entry.value, limits));
}

char* write_item(char* out, const AttributeValue& element, ValueLimits limits) noexcept {
  out = wire::write_length_prefix(out, wire::repeated_values, item_size(element, limits));
  return write_any_value(out, element, limits);
}
template <class T>
char* write_item(char* out, const T& element, ValueLimits limits) noexcept {
  out = wire::write_length_prefix(out, wire::repeated_values, item_size(element, limits));
  return write_value(out, element, limits);
}
char* write_item(char* out, std::string_view text, ValueLimits limits) noexcept {
  text = clean_text(text, limits.max_characters);
  out = wire::write_length_prefix(out, wire::repeated_values, wire::length_field_size(text.size()));
  return wire::write_length_field(out, field::string_value, text);
}
char* write_item(char* out, const Attribute& entry, ValueLimits limits) noexcept {
  const std::size_t value_bytes = any_value_size(entry.value, limits);
  out = wire::write_key_value_prefix(out, wire::repeated_values, clean_text(entry.key, SIZE_MAX), value_bytes);
  return write_any_value(out, entry.value, limits);
}

template <class List>
std::size_t list_size(const List& list, ValueLimits limits) noexcept {
  std::size_t size = 0;
  for (const auto& item : list) size += wire::length_field_size(item_size(item, limits));
  return size;
}

// What is left for the items of a list; empty where the list itself is too deep.
std::optional<ValueLimits> inside(ValueLimits limits) noexcept {
  if (limits.max_depth == 0) return std::nullopt;
  --limits.max_depth;
  return limits;
}

template <class List>
  requires requires(const List& list) { list.begin(); } && (!std::same_as<List, std::string_view>)
std::size_t value_size(const List& list, ValueLimits limits) noexcept {
  const auto within = inside(limits);
  return within ? wire::length_field_size(list_size(list, *within)) : 0;
}
template <class List>
  requires requires(const List& list) { list.begin(); } && (!std::same_as<List, std::string_view>)
char* write_value(char* out, const List& list, ValueLimits limits) noexcept {
  const auto within = inside(limits);
  if (!within) return out;
  constexpr char tag = std::same_as<List, Attributes> ? field::map_value : field::array_value;
  out = wire::write_length_prefix(out, tag, list_size(list, *within));
  for (const auto& item : list) out = write_item(out, item, *within);
  return out;
}

}  // namespace

std::size_t any_value_size(const AttributeValue& value, ValueLimits limits) noexcept {
  return std::visit([&](const auto& held) { return value_size(held, limits); }, value.variant());
}

char* write_any_value(char* out, const AttributeValue& value, ValueLimits limits) noexcept {
  return std::visit([&](const auto& held) { return write_value(out, held, limits); }, value.variant());
}

std::uint32_t append_attributes(ByteBuffer& out, char field_tag, Attributes attributes, std::size_t max_attributes,
                                ValueLimits limits) noexcept {
  std::uint32_t left_out = 0;
  std::size_t written = 0;
  for (const Attribute* attribute = attributes.begin(); attribute != attributes.end(); ++attribute) {
    const auto has_its_key = [attribute](const Attribute& other) { return other.key == attribute->key; };
    if (std::any_of(attribute + 1, attributes.end(), has_its_key)) continue;
    if (attribute->key.empty() || written == max_attributes) {
      ++left_out;
      continue;
    }
    const std::size_t value_bytes = any_value_size(attribute->value, limits);
    const std::string_view key = clean_text(attribute->key, SIZE_MAX);
    char* at = out.extend(wire::length_field_size(wire::key_value_size(key.size(), value_bytes)));
    if (at == nullptr) return left_out + 1;
    at = wire::write_key_value_prefix(at, field_tag, key, value_bytes);
    write_any_value(at, attribute->value, limits);
    ++written;
  }
  return left_out;
}

}  // namespace segue::detail

namespace segue {

std::string encode_attributes(char field_tag, Attributes attributes) {
  detail::ByteBuffer bytes;
  detail::append_attributes(bytes, field_tag, attributes, SIZE_MAX, {});
  return std::string(bytes.view());
}

}  // namespace segue
