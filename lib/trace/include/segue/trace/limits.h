// SpanLimits: how much one span may carry; what is over a limit is dropped and counted in the span.
//
// Names and defaults follow the OpenTelemetry SDK specification, "Span Limits".
#pragma once

#include <cstddef>
#include <cstdint>

namespace segue {

struct SpanLimits {
  /// Attributes per span, 0 or more. Default 128. Further keys are dropped; known keys still change.
  std::uint32_t max_attributes = 128;
  /// Events per span. Default 128.
  std::uint32_t max_events = 128;
  /// Links per span. Default 128.
  std::uint32_t max_links = 128;
  /// Attributes per event and per link. Default 128.
  std::uint32_t max_event_attributes = 128;
  std::uint32_t max_link_attributes = 128;
  /// Characters per string value and bytes per byte string, also inside arrays and maps. Default: no limit.
  std::size_t max_value_length = SIZE_MAX;
  /// Levels of arrays and maps inside one value, 0 to 64; deeper ones become null. Default 64, what decoders accept.
  std::uint32_t max_value_depth = 64;
  /// Bytes of one finished span, from 4 KiB. Default 1 MiB. A larger span is dropped whole, reason "too_large".
  std::size_t max_span_bytes = std::size_t{1} << 20;
};

}  // namespace segue
