// SpanSlot: the state of one open span. Slots are pooled and never returned to the system, so recording allocates nothing
// once warm and a stale pointer never reaches freed memory.
#pragma once

#include <cstdint>
#include <exception>
#include <string_view>
#include <vector>

#include "byte_buffer.h"
#include "segue/base/clock.h"
#include "segue/model/span_view.h"
#include "segue/trace/attribute.h"
#include "segue/trace/detail/context_node.h"
#include "segue/trace/limits.h"

namespace segue::detail {

struct TracerState;

struct SpanSlot {
  ContextNode node;  ///< `node.context` is the span's own.
  const TracerState* tracer = nullptr;
  SpanSlot* next_free = nullptr;
  SpanSlot* next_of_all = nullptr;  ///< Every slot there is, so that the child of a fork finds those of open spans.

  Ticks start_ticks = 0;
  std::uint64_t start_unix_nanos = 0;  ///< Non-zero where the caller gave the time.
  SpanId parent_span_id;
  bool is_recording = false;
  bool is_scoped = false;
  bool parent_is_remote = false;
  SpanKind kind = SpanKind::Internal;
  StatusCode status = StatusCode::Unset;

  /// The encoded fields name (always first), attributes, events and links, in the order they were set.
  ByteBuffer body;
  ByteBuffer status_message;
  std::exception_ptr
      recorded_exception;     ///< The last one that became an event; kept so that its address stays its own.
  std::size_t name_size = 0;  ///< Of the encoded name field.

  /// Where each attribute's field starts in `body`, with a fingerprint of its key.
  struct IndexEntry {
    std::uint32_t fingerprint;
    std::uint32_t offset;
  };
  std::vector<IndexEntry> attributes;
  std::uint32_t events = 0;
  std::uint32_t links = 0;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;

  /// Forgets the previous span. The context is left to the caller, who overwrites it.
  void reset() noexcept;

  void set_name(std::string_view name) noexcept;
  void set_string(std::string_view key, std::string_view value, const SpanLimits& limits) noexcept;
  void set_bool(std::string_view key, bool value, const SpanLimits& limits) noexcept;
  void set_int(std::string_view key, std::int64_t value, const SpanLimits& limits) noexcept;
  void set_double(std::string_view key, double value, const SpanLimits& limits) noexcept;
  void set(const Attribute& attribute, const SpanLimits& limits) noexcept;
  void add_event(std::string_view name, Attributes given, std::uint64_t unix_nanos, const SpanLimits& limits) noexcept;
  void add_link(const SpanContext& to, Attributes attributes, const SpanLimits& limits) noexcept;
  void set_status(StatusCode code, std::string_view message, const SpanLimits& limits) noexcept;

  std::string_view name() const noexcept;
  /// The encoded KeyValue message of an attribute; empty where there is none.
  std::string_view find_attribute(std::string_view key) const noexcept;

  /// Bytes of the finished `ScopeSpans.spans` field, tag and length included.
  struct RecordSize {
    std::size_t span;
    std::size_t field;
  };
  RecordSize record_size() const noexcept;
  /// Writes exactly `size.field` bytes.
  void write_record(char* out, RecordSize size, std::uint64_t start, std::uint64_t end) const noexcept;

 private:
  /// Room in `body` for the attribute's field of `size` bytes, replacing an earlier one of the key; null if over a limit.
  char* place_attribute(std::string_view key, std::size_t size, const SpanLimits& limits) noexcept;
  bool grow_index() noexcept;
  void remove_attribute(std::size_t index) noexcept;
  std::size_t status_size() const noexcept;
};

}  // namespace segue::detail
