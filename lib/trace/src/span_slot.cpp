#include "span_slot.h"

#include "attribute_encoding.h"
#include "body_field.h"
#include "provider_state.h"
#include "segue/otlp/wire.h"
#include "segue/trace/tracer.h"
#include "text.h"

namespace segue::detail {
namespace {

namespace wire = otlp::wire;

// The header's fields lie at fixed places, so that the times can be filled in at the end.
namespace header {
constexpr std::size_t trace_id = 0;
constexpr std::size_t span_id = trace_id + wire::length_field_size(TraceId::byte_count);
constexpr std::size_t kind = span_id + wire::length_field_size(SpanId::byte_count);
constexpr std::size_t start = kind + 2;
constexpr std::size_t end = start + wire::fixed64_field_size;
constexpr std::size_t flags = end + wire::fixed64_field_size;
constexpr std::size_t parent_span_id = flags + wire::span_flags_size;
constexpr std::size_t size_without_parent = parent_span_id;
constexpr std::size_t size_with_parent = parent_span_id + wire::length_field_size(SpanId::byte_count);
}  // namespace header

// Word by word, as the id was written a moment ago: a wider load would have to wait for those stores.
template <class IdType>
char* write_id(char* out, char field_tag, const IdType& id) noexcept {
  *out++ = field_tag;
  *out++ = static_cast<char>(IdType::byte_count);
  for (std::size_t at = 0; at < IdType::byte_count; at += 8, out += 8) {
    const std::uint64_t word = id.word(at);
    std::memcpy(out, &word, sizeof word);
  }
  return out;
}

}  // namespace

void SpanSlot::begin(std::string_view name, const SpanOptions& options) noexcept {
  is_recording = true;
  kind = options.kind;
  status = StatusCode::Unset;
  limits = &tracer->provider->limits;
  keys.clear();
  attributes = 0;
  events = links = dropped_attributes = dropped_events = dropped_links = 0;
  begin_message(name);
  set(options.attributes);
  for (const Link& link : options.links) {
    if (link.to.is_valid()) add_link(link.to, link.attributes);
  }
  start_unix_nanos = options.start_unix_nanos.value_or(0);
  start_ticks = now_ticks();
}

inline void SpanSlot::begin_message(std::string_view name) noexcept {
  body.reset();
  name_offset = name_size = 0;
  const std::string_view state = node.context.trace_state.header();
  const std::size_t header_size = (parent_span_id.is_valid() ? header::size_with_parent : header::size_without_parent) +
                                  (state.empty() ? 0 : wire::length_field_size(state.size()));
  const std::size_t name_field_size = wire::length_field_size(name.size());
  char* out = body.extend(header_size + name_field_size);
  if (out == nullptr) return;
  out = write_header(out);
  if (!state.empty()) [[unlikely]]
    out = wire::write_length_field(out, wire::span_field::trace_state, state);
  out = wire::write_length_prefix(out, wire::span_field::name, name.size());
  const std::uint64_t seen = copy_text(out, name);
  name_offset = static_cast<std::uint32_t>(header_size);
  name_size = static_cast<std::uint32_t>(name_field_size);
  if (!is_ascii_word(seen)) [[unlikely]]
    set_name(name);
}

// All but the times, which the end fills in.
inline char* SpanSlot::write_header(char* out) const noexcept {
  write_id(out + header::trace_id, wire::span_field::trace_id, node.context.trace_id);
  write_id(out + header::span_id, wire::span_field::span_id, node.context.span_id);
  wire::write_varint_field(out + header::kind, wire::span_field::kind, static_cast<std::uint64_t>(kind));
  const std::uint32_t remoteness = 0x100U | (parent_is_remote ? 0x200U : 0U);
  char* end =
      wire::write_span_flags(out + header::flags, (node.context.trace_flags & SpanContext::w3c_flags) | remoteness);
  return parent_span_id.is_valid() ? write_id(end, wire::span_field::parent_span_id, parent_span_id) : end;
}

void SpanSlot::set_name(std::string_view name) noexcept {
  if (name_size == 0) [[unlikely]]  // there was no memory to begin the message
    return;
  name = clean_text(name, SIZE_MAX);
  const std::size_t size = wire::length_field_size(name.size());
  char* out = body.resize_range(name_offset, name_size, size);
  if (out == nullptr) return;
  wire::write_length_field(out, wire::span_field::name, name);
  name_size = static_cast<std::uint32_t>(size);
}

std::string_view SpanSlot::name() const noexcept {
  return name_size == 0 ? std::string_view() : read_field(body.view().data() + name_offset).content;
}

namespace {

// Events and links are written here first, since their length stands before them. One per thread, memory kept.
ByteBuffer& scratch() noexcept {
  thread_local ByteBuffer buffer;
  buffer.reset();
  return buffer;
}

void append_count(ByteBuffer& out, char field_tag, std::uint32_t count) noexcept {
  if (count == 0) return;
  if (char* at = out.extend(wire::varint_field_size(count))) wire::write_varint_field(at, field_tag, count);
}

void append_text(ByteBuffer& out, char field_tag, std::string_view text) noexcept {
  if (char* at = out.extend(wire::length_field_size(text.size()))) wire::write_length_field(at, field_tag, text);
}

}  // namespace

void SpanSlot::add_event(std::string_view name, Attributes given, std::uint64_t unix_nanos) noexcept {
  if (events >= limits->max_events) {
    ++dropped_events;
    return;
  }
  ByteBuffer& event = scratch();
  if (char* at = event.extend(wire::fixed64_field_size)) {
    wire::write_fixed64_field(at, wire::event_field::time, unix_nanos);
  }
  append_text(event, wire::event_field::name, clean_text(name, SIZE_MAX));
  const std::uint32_t left_out =
      append_attributes(event, wire::event_field::attributes, given, limits->max_event_attributes, value_limits());
  append_count(event, wire::event_field::dropped_attributes, left_out);
  if (body.size() + event.size() > limits->max_span_bytes) {
    ++dropped_events;
    return;
  }
  append_text(body, wire::span_field::events, event.view());
  ++events;
}

void SpanSlot::add_link(const SpanContext& to, Attributes given) noexcept {
  if (links >= limits->max_links) {
    ++dropped_links;
    return;
  }
  ByteBuffer& link = scratch();
  append_text(link, wire::link_field::trace_id, to.trace_id.as_bytes());
  append_text(link, wire::link_field::span_id, to.span_id.as_bytes());
  if (!to.trace_state.is_empty()) append_text(link, wire::link_field::trace_state, to.trace_state.header());
  const std::uint32_t left_out =
      append_attributes(link, wire::link_field::attributes, given, limits->max_link_attributes, value_limits());
  append_count(link, wire::link_field::dropped_attributes, left_out);
  const std::uint32_t flags = (to.trace_flags & SpanContext::w3c_flags) | 0x100U | (to.is_remote ? 0x200U : 0U);
  if (char* at = link.extend(wire::fixed32_field_size)) wire::write_fixed32_field(at, wire::link_field::flags, flags);
  if (body.size() + link.size() > limits->max_span_bytes) {
    ++dropped_links;
    return;
  }
  append_text(body, wire::span_field::links, link.view());
  ++links;
}

void SpanSlot::set_status(StatusCode code, std::string_view message) noexcept {
  if (code == StatusCode::Unset || status == StatusCode::Ok) return;
  status = code;
  status_message.reset();
  if (code == StatusCode::Error) status_message.append(clean_text(message, limits->max_value_length));
}

void SpanSlot::append_status() noexcept {
  const std::size_t message = status_message.size() == 0 ? 0 : wire::length_field_size(status_message.size());
  const std::size_t size = message + wire::varint_field_size(0);  // each code takes one byte
  char* out = body.extend(wire::length_field_size(size));
  if (out == nullptr) return;
  out = wire::write_length_prefix(out, wire::span_field::status, size);
  if (status_message.size() != 0) {
    out = wire::write_length_field(out, wire::status_field::message, status_message.view());
  }
  wire::write_varint_field(out, wire::status_field::code, static_cast<std::uint64_t>(status));
}

std::string_view SpanSlot::finish() noexcept {
  if (name_size == 0) [[unlikely]]  // there was no memory to begin the message
    return {};
  if ((dropped_attributes | dropped_events | dropped_links) != 0) [[unlikely]] {
    append_count(body, wire::span_field::dropped_attributes, dropped_attributes);
    append_count(body, wire::span_field::dropped_events, dropped_events);
    append_count(body, wire::span_field::dropped_links, dropped_links);
  }
  if (status != StatusCode::Unset) append_status();
  return body.view();
}

void SpanSlot::write_times(char* message, std::uint64_t start, std::uint64_t end) noexcept {
  wire::write_fixed64_field(message + header::start, wire::span_field::start_time, start);
  wire::write_fixed64_field(message + header::end, wire::span_field::end_time, end);
}

}  // namespace segue::detail
