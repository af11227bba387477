#include "value.h"

#include <cstdint>

#include "field_reader.h"
#include "segue/otlp/decode.h"
#include "segue/otlp/wire.h"

namespace segue::otlp {
namespace {

// Calls `visit(bytes)` for each entry of an ArrayValue or KeyValueList.
template <class Visit>
void for_each_item(std::string_view list, Visit&& visit) {
  FieldReader reader = open_message(list);
  while (reader.next()) {
    if (reader.tag_and_type() == wire::repeated_values) {
      visit(read_bytes(reader));
    } else {
      skip_unknown(reader, 1);
    }
  }
}

// Takes the next item off the front of `rest` and gives its bytes to `take`.
template <class Take>
detail::Step next_item(std::string_view& rest, Take&& take) noexcept {
  try {
    FieldReader reader = open_message(rest);
    while (reader.next()) {
      if (reader.tag_and_type() != wire::repeated_values) {
        skip_unknown(reader, 1);
        continue;
      }
      take(read_bytes(reader));
      rest.remove_prefix(rest.size() - reader.length());
      return detail::Step::Item;
    }
    return detail::Step::End;
  } catch (const DecodeFailure&) {
    return detail::Step::Malformed;
  } catch (const protozero::exception&) {
    return detail::Step::Malformed;
  }
}

void spend_level(unsigned levels) {
  if (levels == 0) throw DecodeFailure{Errc::LimitExceeded, "an attribute's arrays and maps are nested too deeply"};
}

}  // namespace

ValueView read_value(std::string_view encoded) {
  ValueView value;
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::any_value_field::string_value: value = read_bytes(reader); break;
      case wire::any_value_field::bool_value: value = reader.get_uint64() != 0; break;
      case wire::any_value_field::int_value: value = static_cast<std::int64_t>(reader.get_uint64()); break;
      case wire::any_value_field::double_value: value = reader.get_double(); break;
      case wire::any_value_field::array_value: value = ArrayView{read_bytes(reader)}; break;
      case wire::any_value_field::map_value: value = MapView{read_bytes(reader)}; break;
      case wire::any_value_field::bytes_value: value = BytesView{read_bytes(reader)}; break;
      default: skip_unknown(reader, 7);
    }
  }
  return value;
}

AttributeView read_key_value(std::string_view encoded) {
  AttributeView attribute;
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::key_value_field::key: attribute.key = read_bytes(reader); break;
      case wire::key_value_field::value: attribute.value = read_value(read_bytes(reader)); break;
      default: skip_unknown(reader, 2);
    }
  }
  return attribute;
}

void check_nested(const ValueView& value, unsigned levels) {
  if (const auto* array = std::get_if<ArrayView>(&value)) {
    spend_level(levels);
    for_each_item(array->encoded, [levels](std::string_view item) { check_nested(read_value(item), levels - 1); });
  } else if (const auto* map = std::get_if<MapView>(&value)) {
    spend_level(levels);
    for_each_item(map->encoded,
                  [levels](std::string_view item) { check_nested(read_key_value(item).value, levels - 1); });
  }
}

std::optional<AttributeView> decode_attribute(std::string_view protobuf) noexcept {
  try {
    return read_key_value(protobuf);
  } catch (const DecodeFailure&) {
    return std::nullopt;
  } catch (const protozero::exception&) {
    return std::nullopt;
  }
}

namespace detail {

Step next_element(std::string_view& rest, ValueView& element) noexcept {
  return next_item(rest, [&element](std::string_view item) { element = read_value(item); });
}

Step next_entry(std::string_view& rest, AttributeView& entry) noexcept {
  return next_item(rest, [&entry](std::string_view item) { entry = read_key_value(item); });
}

}  // namespace detail
}  // namespace segue::otlp
