// Builds OTLP messages field by field with protozero's writer, so that decoding is tested against
// an encoder that shares no code with ours.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <protozero/buffer_string.hpp>
#include <protozero/pbf_writer.hpp>
#include <protozero/varint.hpp>

namespace segue::otlp::test {

using Writer = protozero::pbf_writer;

inline std::string message(const std::function<void(Writer&)>& fill) {
  std::string bytes;
  Writer writer(bytes);
  fill(writer);
  return bytes;
}

inline std::string trace_id_bytes() { return "0123456789abcdef"; }
inline std::string span_id_bytes() { return "fedcba98"; }

/// A KeyValue around the fields of an AnyValue.
inline std::string key_value(std::string_view key, const std::string& any_value) {
  return message([&](Writer& writer) {
    writer.add_string(1, key.data(), key.size());
    writer.add_message(2, any_value);
  });
}

inline std::string string_value(std::string_view text) {
  return message([&](Writer& writer) { writer.add_string(1, text.data(), text.size()); });
}

inline std::string int_value(std::int64_t number) {
  return message([&](Writer& writer) { writer.add_int64(3, number); });
}

/// An AnyValue that is an array in an array, `levels` deep, around `innermost`.
inline std::string nested_arrays(int levels, const std::string& innermost) {
  // Built from the inside out, back to front, so that depth costs linear time.
  std::string reversed(innermost.rbegin(), innermost.rend());
  const auto wrap = [&reversed](protozero::pbf_tag_type field) {
    std::string prefix;
    protozero::add_varint_to_buffer(&prefix, field << 3 | 2);
    protozero::add_varint_to_buffer(&prefix, reversed.size());
    reversed.append(prefix.rbegin(), prefix.rend());
  };
  for (int level = 0; level < levels; ++level) {
    wrap(1);  // ArrayValue.values
    wrap(5);  // AnyValue.array_value
  }
  return {reversed.rbegin(), reversed.rend()};
}

/// The smallest acceptable Span, and whatever `fill` adds to it.
inline std::string span(const std::function<void(Writer&)>& fill = [](Writer&) {}) {
  return message([&](Writer& writer) {
    writer.add_bytes(1, trace_id_bytes());
    writer.add_bytes(2, span_id_bytes());
    fill(writer);
  });
}

/// A request with one resource, one scope and `spans`.
template <class... Spans>
std::string request(const Spans&... spans) {
  const std::string scope_spans = message([&](Writer& writer) { (writer.add_message(2, spans), ...); });
  const std::string resource_spans = message([&](Writer& writer) { writer.add_message(2, scope_spans); });
  return message([&](Writer& writer) { writer.add_message(1, resource_spans); });
}

}  // namespace segue::otlp::test
