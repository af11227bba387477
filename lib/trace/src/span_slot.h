// SpanSlot: the state of one open span. Slots are pooled and never returned to the system, so recording allocates nothing
// once warm and a stale pointer never reaches freed memory.
#pragma once

#include <cstdint>
#include <exception>
#include <string_view>

#include "attribute_encoding.h"
#include "byte_buffer.h"
#include "key_set.h"
#include "segue/base/clock.h"
#include "segue/model/span_view.h"
#include "segue/trace/attribute.h"
#include "segue/trace/detail/context_node.h"
#include "segue/trace/detail/fixed_attributes.h"
#include "segue/trace/limits.h"

namespace segue {
struct SpanOptions;
}

namespace segue::detail {

struct TracerState;

struct alignas(64) SpanSlot {
  // What every attribute touches comes first and lies together.
  bool is_recording = false;
  bool is_scoped = false;
  bool parent_is_remote = false;
  SpanKind kind = SpanKind::Internal;
  StatusCode status = StatusCode::Unset;
  std::uint32_t attributes = 0;

  /// The Span message under way: a header of fixed fields, the name, then attributes, events and links as they were set.
  ByteBuffer body;
  KeySet keys;  ///< Of the attributes: answers "surely new" at once.
  const SpanLimits* limits = nullptr;

  ContextNode node;  ///< `node.context` is the span's own.
  const TracerState* tracer = nullptr;
  SpanSlot* next_free = nullptr;
  SpanSlot* next_of_all = nullptr;  ///< Every slot there is, so that the child of a fork finds those of open spans.

  Ticks start_ticks = 0;
  std::uint64_t start_unix_nanos = 0;  ///< As the caller gave it, or once it was converted; else 0.
  SpanId parent_span_id;
  std::uint32_t name_offset = 0;
  std::uint32_t name_size = 0;  ///< Of the encoded name field.
  std::uint32_t events = 0;
  std::uint32_t links = 0;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;
  ByteBuffer status_message;
  std::exception_ptr
      recorded_exception;  ///< The last one that became an event; kept so that its address stays its own.

  /// Forgets the previous span and begins to record; tracer, context and parent are set already.
  void begin(std::string_view name, const SpanOptions& options) noexcept;

  void set_name(std::string_view name) noexcept;
  void set_string(std::string_view key, std::string_view value) noexcept;
  void set_bool(std::string_view key, bool value) noexcept;
  void set_int(std::string_view key, std::int64_t value) noexcept;
  void set_double(std::string_view key, double value) noexcept;
  void set(Attributes list) noexcept;
  void set(const FixedAttributes& fixed) noexcept;
  void add_event(std::string_view name, Attributes given, std::uint64_t unix_nanos) noexcept;
  void add_link(const SpanContext& to, Attributes given) noexcept;
  void set_status(StatusCode code, std::string_view message) noexcept;

  std::string_view name() const noexcept;
  /// The encoded KeyValue message of an attribute; empty where there is none.
  std::string_view find_attribute(std::string_view key) const noexcept;

  /// Completes the message but for its times and gives its bytes; nothing may be set afterwards. Empty: out of memory.
  std::string_view finish() noexcept;
  /// Fills in the times of a copy of the message. In the copy, because what has just been written is slow to copy.
  static void write_times(char* message, std::uint64_t start, std::uint64_t end) noexcept;

 private:
  class Appender;
  /// Appends the attribute if it is new and short in every respect; else false, and nothing has changed.
  template <class Value>
  bool append(std::string_view key, const Value& value) noexcept;
  /// Any attribute: new or known, of any type and size.
  void set_at_length(std::string_view key, const AttributeValue& value) noexcept;
  void set_text_at_length(std::string_view key, std::string_view text) noexcept;
  void set_cut(const FixedAttributes::Item& item) noexcept;
  /// Room in `body` for the field of an attribute whose message has `size` bytes, replacing an earlier one of the key; null if over a limit.
  char* place_attribute(std::string_view key, std::size_t size) noexcept;
  /// The same by the whole field's size.
  char* place_field(std::string_view key, std::size_t field_size) noexcept;
  ValueLimits value_limits() const noexcept { return {limits->max_value_length, limits->max_value_depth}; }
  void begin_message(std::string_view name) noexcept;
  char* write_header(char* out) const noexcept;
  void append_status() noexcept;
};

}  // namespace segue::detail
