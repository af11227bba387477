#include "segue/otlp/json.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <variant>

#include "field_reader.h"
#include "json_writer.h"
#include "segue/base/hex.h"
#include "segue/base/utf8.h"
#include "transcode.h"

namespace segue::otlp {
namespace {

// A character below U+0080 that cannot stand for itself.
void append_escaped(std::string& out, char character) {
  switch (character) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<std::uint8_t>(character);
  out += "\\u00";
  out += to_hex({&byte, 1});
}

struct PlainJson {
  std::string& out;

  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { out += std::to_string(value); }
  void operator()(double value) const { append_json_number(out, value); }
  void operator()(std::string_view value) const { append_json_string(out, value); }
  void operator()(BytesView value) const { append_json_string(out, to_base64(value.bytes)); }

  void operator()(ArrayView value) const {
    const ArrayScope array(out);
    (void)for_each_element(value, [this](const ValueView& element) {
      append_json_comma(out);
      append_json_value(out, element);
    });
  }

  void operator()(MapView value) const {
    const ObjectScope object(out);
    (void)for_each_entry(value, [this](const AttributeView& entry) {
      append_json_comma(out);
      append_json_string(out, entry.key);
      out += ':';
      append_json_value(out, entry.value);
    });
  }
};

}  // namespace

Result<std::string> request_from_json(std::string_view json, const DecodeLimits& limits) {
  return catch_failures([&]() -> Result<std::string> {
    return json_to_protobuf(export_request_schema, json, nesting_limit(limits.max_value_depth));
  });
}

Result<std::string> request_to_json(std::string_view protobuf, const DecodeLimits& limits) {
  return catch_failures([&]() -> Result<std::string> {
    return protobuf_to_json(export_request_schema, protobuf, nesting_limit(limits.max_value_depth));
  });
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;  // where the text not yet appended begins
  std::size_t position = 0;
  const auto flush = [&] { out += text.substr(run, position - run); };
  while (position < text.size()) {
    const auto byte = static_cast<std::uint8_t>(text[position]);
    const Utf8Sequence sequence = byte < 0x80 ? Utf8Sequence{1, true} : next_utf8_sequence(text.substr(position));
    if (sequence.is_valid && byte >= 0x20 && byte != '"' && byte != '\\') {
      position += sequence.size;
      continue;
    }
    flush();
    if (sequence.is_valid) {
      append_escaped(out, text[position]);
    } else {
      out += utf8_replacement;
    }
    position += sequence.size;
    run = position;
  }
  flush();
  out += '"';
}

void append_json_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    out.append(buffer, end);
  }
}

void append_json_value(std::string& out, const ValueView& value) { std::visit(PlainJson{out}, value); }

}  // namespace segue::otlp
