// Reading protobuf fields over protozero, with its exceptions kept inside this module.
//
//   FieldReader reader = open_message(bytes);
//   while (reader.next()) {
//     switch (reader.tag_and_type()) {
//       case wire::event_field::name: event.name = read_bytes(reader); break;
//       default: skip_unknown(reader, 4);
//     }
//   }
//
// A case matches number and wire type, so a known field in the wrong wire type ends up in
// `skip_unknown`, which refuses it. Every public function catches what is thrown here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <protozero/pbf_reader.hpp>

#include "segue/base/result.h"

namespace segue::otlp {

struct DecodeFailure {
  Errc code;
  std::string message;
};

using FieldReader = protozero::pbf_reader;

inline FieldReader open_message(std::string_view bytes) noexcept {
  return FieldReader(protozero::data_view(bytes.data(), bytes.size()));
}

/// Skips a field from the future. Throws if its number is no larger than `last_known`: then the
/// sender means another message.
void skip_unknown(FieldReader& reader, std::uint32_t last_known);

inline std::string_view read_bytes(FieldReader& reader) {
  const protozero::data_view view = reader.get_view();
  return {view.data(), view.size()};
}

/// Larger numbers lose their upper half, as protobuf has it.
inline std::uint32_t read_uint32(FieldReader& reader) { return static_cast<std::uint32_t>(reader.get_uint64()); }

/// protobuf's enumerations are open: a number from the future reads as the unspecified value.
template <class Enumeration>
Enumeration read_enumeration(FieldReader& reader, Enumeration last) {
  const std::uint64_t number = reader.get_uint64();
  return number <= static_cast<std::uint64_t>(last) ? static_cast<Enumeration>(number) : Enumeration{};
}

/// Appends the field's bytes to `list`, which may not grow beyond `limit`.
inline void collect_bytes(FieldReader& reader, std::vector<std::string_view>& list, std::size_t limit) {
  if (list.size() >= limit) [[unlikely]]
    throw DecodeFailure{Errc::LimitExceeded, "too many items"};
  list.push_back(read_bytes(reader));
}

/// Runs `body`, which returns a Result, and turns what it throws into one.
template <class Body>
auto catch_failures(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const DecodeFailure& failure) {
    return Error{failure.code, failure.message};
  } catch (const protozero::exception& exception) {
    return Error{Errc::InvalidArgument, std::string("malformed protobuf: ") + exception.what()};
  }
}

}  // namespace segue::otlp
