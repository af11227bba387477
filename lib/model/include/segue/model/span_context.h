// SpanContext: what must travel for a trace to continue elsewhere.
//
// Its parts follow W3C Trace Context level 2 (flags: bit 0 sampled, bit 1 random trace id).
// Plain value, safe to copy between threads. Errors: none; a context with a zero id is invalid and is ignored.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "segue/model/ids.h"

namespace segue {

/// The `tracestate` header's value, already validated; shared, since it rarely changes. Empty costs nothing.
class TraceState {
 public:
  TraceState() = default;
  explicit TraceState(std::string header)
      : header_(header.empty() ? nullptr : std::make_shared<const std::string>(std::move(header))) {}

  std::string_view header() const noexcept { return header_ ? std::string_view(*header_) : std::string_view(); }
  bool is_empty() const noexcept { return header_ == nullptr; }

 private:
  std::shared_ptr<const std::string> header_;
};

struct SpanContext {
  static constexpr std::uint8_t sampled_flag = 0x01;
  static constexpr std::uint8_t random_trace_id_flag = 0x02;
  static constexpr std::uint8_t w3c_flags = sampled_flag | random_trace_id_flag;
  /// B3's "debug": whoever started the trace wants all of it. Travels in B3 alone; in no other format is this bit set.
  static constexpr std::uint8_t debug_flag = 0x80;

  TraceId trace_id;
  SpanId span_id;
  std::uint8_t trace_flags = 0;
  bool is_remote = false;  ///< It came from another process.
  TraceState trace_state;

  bool is_valid() const noexcept { return trace_id.is_valid() && span_id.is_valid(); }
  bool is_sampled() const noexcept { return (trace_flags & sampled_flag) != 0; }
};

}  // namespace segue
