// SpanView: a decoded span whose text still lies in the buffer it was decoded from.
//
// The one form in which spans are looked at as fields: exporters, the server's ingest, store and
// queries, tests. Whoever hands out views says how long the buffer lives; `SpanList` keeps
// buffers and views together. Field meanings and units are those of OpenTelemetry's trace.proto.
// Thread safety: read-only after decoding. Errors: none here; decoders refuse bad input.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "segue/model/ids.h"

namespace segue {

/// Values are those of the OTLP enumeration.
enum class SpanKind : std::uint8_t {
  Unspecified = 0,
  Internal = 1,
  Server = 2,
  Client = 3,
  Producer = 4,
  Consumer = 5
};
enum class StatusCode : std::uint8_t { Unset = 0, Ok = 1, Error = 2 };

/// "internal", "server", ... as in /api/v1.
std::string_view to_string(SpanKind kind) noexcept;
/// "unset", "ok", "error".
std::string_view to_string(StatusCode code) noexcept;

struct BytesView {
  std::string_view bytes;
  bool operator==(const BytesView&) const = default;
};
/// Protobuf bytes of an OTLP ArrayValue; read it with `otlp::for_each_element`.
struct ArrayView {
  std::string_view encoded;
  bool operator==(const ArrayView&) const = default;
};
/// Protobuf bytes of an OTLP KeyValueList; read it with `otlp::for_each_entry`.
struct MapView {
  std::string_view encoded;
  bool operator==(const MapView&) const = default;
};

/// An attribute's value: nothing, or one of OTLP's AnyValue kinds.
using ValueView =
    std::variant<std::monostate, bool, std::int64_t, double, std::string_view, BytesView, ArrayView, MapView>;

struct AttributeView {
  std::string_view key;
  ValueView value;
};

using AttributeViews = std::vector<AttributeView>;

/// The value of `key`, or null. The last one wins should a foreign span carry a key twice.
const ValueView* find_attribute(const AttributeViews& attributes, std::string_view key) noexcept;

/// The string value of `key`, or empty when it is missing or not a string.
std::string_view find_string(const AttributeViews& attributes, std::string_view key) noexcept;

struct EventView {
  std::uint64_t time_unix_nanos = 0;
  std::string_view name;
  AttributeViews attributes;
  std::uint32_t dropped_attributes = 0;
};

struct LinkView {
  TraceId trace_id;
  SpanId span_id;
  std::string_view trace_state;
  AttributeViews attributes;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t flags = 0;
};

struct ResourceView {
  AttributeViews attributes;
  std::uint32_t dropped_attributes = 0;
  std::string_view schema_url;

  /// service.name, or empty.
  std::string_view service() const noexcept { return find_string(attributes, "service.name"); }
};

struct ScopeView {
  std::string_view name;
  std::string_view version;
  AttributeViews attributes;
  std::uint32_t dropped_attributes = 0;
  std::string_view schema_url;
};

struct SpanView {
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;    ///< Invalid for a root.
  std::uint32_t flags = 0;  ///< Bits 0-7 W3C flags; 0x100 remoteness is known; 0x200 the parent is remote.
  std::string_view trace_state;
  std::string_view name;
  SpanKind kind = SpanKind::Unspecified;
  std::uint64_t start_unix_nanos = 0;
  std::uint64_t end_unix_nanos = 0;
  AttributeViews attributes;
  std::vector<EventView> events;
  std::vector<LinkView> links;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;
  StatusCode status = StatusCode::Unset;
  std::string_view status_message;
  const ResourceView* resource = nullptr;  ///< Never null in a `SpanList`.
  const ScopeView* scope = nullptr;        ///< Never null in a `SpanList`.

  /// End minus start, or 0 where clocks put the end first.
  std::uint64_t duration_nanos() const noexcept {
    return end_unix_nanos > start_unix_nanos ? end_unix_nanos - start_unix_nanos : 0;
  }
};

/// Spans together with everything their views point to. Moving it keeps the views valid; it cannot be copied.
struct SpanList {
  std::vector<SpanView> spans;
  std::vector<std::unique_ptr<const ResourceView>> resources;
  std::vector<std::unique_ptr<const ScopeView>> scopes;
  std::vector<std::shared_ptr<const std::string>> buffers;  ///< Empty where the caller keeps the bytes.

  SpanList() = default;
  SpanList(SpanList&&) noexcept = default;
  SpanList& operator=(SpanList&&) noexcept = default;
  SpanList(const SpanList&) = delete;
  SpanList& operator=(const SpanList&) = delete;
};

}  // namespace segue
