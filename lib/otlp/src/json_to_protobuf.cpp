#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "json_reader.h"
#include "message_writer.h"
#include "segue/base/hex.h"
#include "transcode.h"

namespace segue::otlp {
namespace {

constexpr std::uint32_t wire_type_mask = 7;

// The whole of `text` as a finite number; from_chars alone would take "inf" and "nan" too.
std::optional<double> parse_double(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || digits[0] < '0' || digits[0] > '9') return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Accepts 12, and also 12.0 and 1.2e1, as protobuf's JSON mapping does.
template <class Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  const std::optional<double> number = parse_double(text);
  // One past the largest is a power of two, and so exact as a double.
  const double bound = std::ldexp(1.0, std::numeric_limits<Integer>::digits);
  const double lowest = std::numeric_limits<Integer>::is_signed ? -bound : 0.0;
  if (!number || *number != std::floor(*number) || *number < lowest || *number >= bound) return std::nullopt;
  return static_cast<Integer>(*number);
}

class Converter {
 public:
  Converter(std::string_view json, unsigned max_depth, std::string& out) : reader_(json, max_depth), writer_(out) {}

  void convert(const MessageSchema& schema) {
    message(schema);
    reader_.expect_end();
  }

 private:
  void message(const MessageSchema& schema) {
    std::uint32_t seen = 0;
    bool has_one_of = false;
    reader_.enter_object();
    for (std::string_view key; reader_.next_key(key);) {
      const FieldSchema* field = find(schema, key);
      if (field == nullptr) {
        reader_.skip_value();
        continue;
      }
      const std::uint32_t bit = 1U << (field - schema.fields.data());
      if ((seen & bit) != 0) fail(*field, "comes twice");
      seen |= bit;
      if (reader_.peek() == JsonKind::Null) {
        reader_.read_null();
        continue;
      }
      if (field->rule == FieldRule::OneOf && std::exchange(has_one_of, true)) fail(*field, "is a second value");
      member(*field);
    }
  }

  static const FieldSchema* find(const MessageSchema& schema, std::string_view key) {
    for (const FieldSchema& field : schema.fields) {
      if (field.name == key) return &field;
    }
    return nullptr;
  }

  void member(const FieldSchema& field) {
    if (field.rule != FieldRule::Repeated) return content(field);
    reader_.enter_array();
    while (reader_.next_element()) content(field);
  }

  void content(const FieldSchema& field) {
    switch (field.type) {
      case FieldType::Text: writer_.bytes(field.tag, reader_.read_string()); return;
      case FieldType::HexId: writer_.bytes(field.tag, hex_id(field)); return;
      case FieldType::Base64: writer_.bytes(field.tag, base64(field)); return;
      case FieldType::Bool: writer_.varint(field.tag, reader_.read_bool() ? 1 : 0); return;
      case FieldType::Int32: {
        const std::int64_t value = integer<std::int32_t>(field, reader_.read_number());
        writer_.varint(field.tag, static_cast<std::uint64_t>(value));
        return;
      }
      case FieldType::Int64:
        writer_.varint(field.tag, static_cast<std::uint64_t>(integer<std::int64_t>(field, number_or_string())));
        return;
      case FieldType::Uint64: writer_.fixed64(field.tag, integer<std::uint64_t>(field, number_or_string())); return;
      case FieldType::Uint32: uint32(field); return;
      case FieldType::Double: writer_.fixed64(field.tag, std::bit_cast<std::uint64_t>(floating(field))); return;
      case FieldType::Message: writer_.message(field.tag, [&] { message(*field.message); }); return;
    }
  }

  void uint32(const FieldSchema& field) {
    const auto value = integer<std::uint32_t>(field, number_or_string());
    if ((field.tag & wire_type_mask) == static_cast<std::uint32_t>(wire::WireType::Varint)) {
      writer_.varint(field.tag, value);
    } else {
      writer_.fixed32(field.tag, value);
    }
  }

  std::string hex_id(const FieldSchema& field) {
    const std::string_view digits = reader_.read_string();
    std::string bytes(digits.size() / 2, '\0');
    if (!decode_hex(digits, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()})) fail(field, "is not hex");
    return bytes;
  }

  std::string base64(const FieldSchema& field) {
    std::optional<std::string> bytes = from_base64(reader_.read_string());
    if (!bytes) fail(field, "is not base64");
    return *std::move(bytes);
  }

  double floating(const FieldSchema& field) {
    const std::string_view text = number_or_string();
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    const std::optional<double> value = parse_double(text);
    if (!value) fail(field, "is not a number, or out of range");
    return *value;
  }

  template <class Integer>
  Integer integer(const FieldSchema& field, std::string_view text) {
    const std::optional<Integer> value = parse_integer<Integer>(text);
    if (!value) fail(field, "is not an integer, or out of range");
    return *value;
  }

  std::string_view number_or_string() {
    return reader_.peek() == JsonKind::String ? reader_.read_string() : reader_.read_number();
  }

  [[noreturn]] void fail(const FieldSchema& field, std::string_view what) const {
    reader_.fail(std::string(field.name) + " " + std::string(what));
  }

  JsonReader reader_;
  MessageWriter writer_;
};

}  // namespace

std::string json_to_protobuf(const MessageSchema& schema, std::string_view json, unsigned max_depth) {
  std::string protobuf;
  protobuf.reserve(json.size() / 2);
  Converter(json, max_depth, protobuf).convert(schema);
  return protobuf;
}

}  // namespace segue::otlp
