#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "field_reader.h"
#include "json_writer.h"
#include "segue/base/hex.h"
#include "segue/otlp/json.h"
#include "transcode.h"

namespace segue::otlp {
namespace {

class Converter {
 public:
  Converter(unsigned max_depth, std::string& out) : depth_left_(max_depth), out_(out) {}

  void message(const MessageSchema& schema, std::string_view encoded) {
    if (depth_left_-- == 0) throw DecodeFailure{Errc::LimitExceeded, "messages are nested too deeply"};
    // JSON wants the occurrences of a repeated field side by side, the wire may have them apart: for each
    // field, how often it occurs and where it does first or, if it may occur only once, last.
    std::array<Occurrences, max_schema_fields> found = {};
    find_fields(schema, encoded, found);
    const ObjectScope object(out_);
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
      if (found[i].count > 0) member(schema.fields[i], found[i]);
    }
    ++depth_left_;
  }

 private:
  struct Occurrences {
    std::size_t count = 0;
    FieldReader reader;  // at the field
  };

  static void find_fields(const MessageSchema& schema, std::string_view encoded, std::span<Occurrences> found) {
    Occurrences* one_of = nullptr;
    FieldReader reader = open_message(encoded);
    while (reader.next()) {
      const FieldSchema* field = find(schema, reader.tag_and_type());
      if (field != nullptr) {
        Occurrences& occurrences = found[static_cast<std::size_t>(field - schema.fields.data())];
        if (field->rule == FieldRule::OneOf) {  // the last of them counts
          if (one_of != nullptr) one_of->count = 0;
          one_of = &occurrences;
        }
        if (occurrences.count++ == 0 || field->rule != FieldRule::Repeated) occurrences.reader = reader;
      }
      reader.skip();
    }
  }

  static const FieldSchema* find(const MessageSchema& schema, std::uint32_t tag) {
    for (const FieldSchema& field : schema.fields) {
      if (field.tag == tag) return &field;
    }
    return nullptr;
  }

  void member(const FieldSchema& field, Occurrences& occurrences) {
    append_json_key(out_, field.name);
    if (field.rule != FieldRule::Repeated) return content(field, occurrences.reader);
    const ArrayScope array(out_);
    FieldReader& reader = occurrences.reader;
    for (std::size_t left = occurrences.count;;) {
      append_json_comma(out_);
      content(field, reader);
      if (--left == 0) return;
      while (reader.next() && reader.tag_and_type() != field.tag) reader.skip();
    }
  }

  void content(const FieldSchema& field, FieldReader& reader) {
    switch (field.type) {
      case FieldType::Text: append_json_string(out_, read_bytes(reader)); return;
      case FieldType::HexId: quoted(hex(read_bytes(reader))); return;
      case FieldType::Base64: quoted(to_base64(read_bytes(reader))); return;
      case FieldType::Bool: out_ += reader.get_uint64() != 0 ? "true" : "false"; return;
      case FieldType::Int32: out_ += std::to_string(static_cast<std::int32_t>(reader.get_uint64())); return;
      case FieldType::Int64: quoted(std::to_string(static_cast<std::int64_t>(reader.get_uint64()))); return;
      case FieldType::Uint64: quoted(std::to_string(reader.get_fixed64())); return;
      case FieldType::Uint32: out_ += std::to_string(read_any_uint32(reader)); return;
      case FieldType::Double: append_json_number(out_, reader.get_double()); return;
      case FieldType::Message: message(*field.message, read_bytes(reader)); return;
    }
  }

  static std::uint32_t read_any_uint32(FieldReader& reader) {
    return reader.wire_type() == protozero::pbf_wire_type::varint ? read_uint32(reader) : reader.get_fixed32();
  }

  static std::string hex(std::string_view bytes) {
    return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }

  // For text that needs no escaping.
  void quoted(std::string_view text) {
    out_ += '"';
    out_ += text;
    out_ += '"';
  }

  unsigned depth_left_;
  std::string& out_;
};

}  // namespace

std::string protobuf_to_json(const MessageSchema& schema, std::string_view protobuf, unsigned max_depth) {
  std::string json;
  json.reserve(protobuf.size() * 2);
  Converter(max_depth, json).message(schema, protobuf);
  return json;
}

}  // namespace segue::otlp
