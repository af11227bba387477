// The constants of the chunk format that encoder and decoder share. docs/design/store-layout.md explains them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace segue::server::detail {

inline constexpr std::uint8_t chunk_version = 1;
/// Version byte and CRC-32 of everything after them.
inline constexpr std::size_t chunk_prefix_bytes = 5;

/// Which of a span's rarer fields follow.
enum SpanField : std::uint32_t {
  field_parent = 1U << 0,
  field_flags = 1U << 1,
  field_trace_state = 1U << 2,
  field_attributes = 1U << 3,
  field_events = 1U << 4,
  field_links = 1U << 5,
  field_dropped = 1U << 6,
  field_status_message = 1U << 7,
  field_resource = 1U << 8,  ///< Another one than the span before.
  field_scope = 1U << 9,     ///< Another one than the span before.
};

enum class ValueTag : std::uint8_t {
  Empty = 0,
  False = 1,
  True = 2,
  Int = 3,
  Double = 4,
  String = 5,
  Bytes = 6,
  Array = 7,
  Map = 8,
};

/// How a text is written: 0 then the text itself, which joins the chunk's own table; an odd number, twice its
/// dictionary number plus one; or an even number, twice its place in the chunk's table from 1.
inline constexpr std::uint64_t text_is_inline = 0;
inline constexpr std::uint64_t text_in_dictionary = 1;

}  // namespace segue::server::detail
