#include "span_slot.h"

#include <bit>

#include "attribute_encoding.h"
#include "segue/otlp/wire.h"
#include "text.h"

namespace segue::detail {
namespace {

namespace wire = otlp::wire;

// Both ends and the length of a key: enough to tell the keys of one span apart almost always; equal fingerprints are
// compared in full.
std::uint32_t fingerprint_of(std::string_view key) noexcept {
  const std::size_t size = key.size();
  std::uint64_t front;
  std::uint64_t back;
  if (size >= 8) {
    front = load_word(key.data(), 8);
    back = load_word(key.data() + size - 8, 8);
  } else if (size >= 4) {
    front = load_word(key.data(), 4);
    back = load_word(key.data() + size - 4, 4);
  } else {  // 1 to 3: first, middle and last say all
    front = load_word(key.data(), 1) | load_word(key.data() + size / 2, 1) << 8;
    back = load_word(key.data() + size - 1, 1);
  }
  const std::uint64_t mixed = (front ^ std::rotl(back, 23) ^ size) * 0x9e3779b97f4a7c15U;
  return static_cast<std::uint32_t>(mixed >> 32);
}

struct EncodedAttribute {
  std::string_view key;
  std::string_view message;
  std::size_t size;  // of the whole field
};

std::uint64_t read_varint(const char*& at) noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return value;
  }
}

// Reads back what place_attribute's callers wrote.
EncodedAttribute decode_attribute(const char* field) noexcept {
  const char* at = field + 1;
  const std::uint64_t length = read_varint(at);
  const char* content = at;
  ++at;  // the key's tag
  const std::uint64_t key_size = read_varint(at);
  return {{at, key_size}, {content, length}, static_cast<std::size_t>(content - field) + length};
}

ValueLimits value_limits(const SpanLimits& limits) noexcept {
  return {limits.max_value_length, limits.max_value_depth};
}

}  // namespace

void SpanSlot::reset() noexcept {
  body.reset();
  status_message.reset();
  attributes.clear();
  events = links = dropped_attributes = dropped_events = dropped_links = 0;
  status = StatusCode::Unset;
  start_unix_nanos = 0;
  name_size = 0;
}

void SpanSlot::set_name(std::string_view name) noexcept {
  name = clean_text(name, SIZE_MAX);
  const std::size_t size = wire::length_field_size(name.size());
  const std::size_t old_size = name_size;
  char* out = body.resize_range(0, old_size, size);
  if (out == nullptr) return;
  wire::write_length_field(out, wire::span_field::name, name);
  name_size = size;
  for (IndexEntry& entry : attributes) entry.offset += static_cast<std::uint32_t>(size - old_size);
}

std::string_view SpanSlot::name() const noexcept {
  if (name_size == 0) return {};
  const char* at = body.view().data() + 1;
  const std::uint64_t length = read_varint(at);
  return {at, length};
}

std::string_view SpanSlot::find_attribute(std::string_view key) const noexcept {
  const std::uint32_t fingerprint = key.empty() ? 0 : fingerprint_of(key);
  for (const IndexEntry& entry : attributes) {
    if (entry.fingerprint != fingerprint) continue;
    const EncodedAttribute found = decode_attribute(body.view().data() + entry.offset);
    if (found.key == key) return found.message;
  }
  return {};
}

void SpanSlot::set_string(std::string_view key, std::string_view value, const SpanLimits& limits) noexcept {
  value = clean_text(value, limits.max_value_length);
  const std::size_t value_bytes = wire::length_field_size(value.size());
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes), limits);
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes);
  wire::write_length_field(out, wire::any_value_field::string_value, value);
}

void SpanSlot::set_bool(std::string_view key, bool value, const SpanLimits& limits) noexcept {
  constexpr std::size_t value_bytes = 2;
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes), limits);
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes);
  wire::write_varint_field(out, wire::any_value_field::bool_value, value ? 1 : 0);
}

void SpanSlot::set_int(std::string_view key, std::int64_t value, const SpanLimits& limits) noexcept {
  const std::size_t value_bytes = wire::varint_field_size(static_cast<std::uint64_t>(value));
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes), limits);
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes);
  wire::write_varint_field(out, wire::any_value_field::int_value, static_cast<std::uint64_t>(value));
}

void SpanSlot::set_double(std::string_view key, double value, const SpanLimits& limits) noexcept {
  char* out = place_attribute(key, wire::key_value_size(key.size(), wire::fixed64_field_size), limits);
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, key, wire::fixed64_field_size);
  wire::write_fixed64_field(out, wire::any_value_field::double_value, std::bit_cast<std::uint64_t>(value));
}

void SpanSlot::set(const Attribute& attribute, const SpanLimits& limits) noexcept {
  const ValueLimits within = value_limits(limits);
  const std::size_t value_bytes = any_value_size(attribute.value, within);
  char* out = place_attribute(attribute.key, wire::key_value_size(attribute.key.size(), value_bytes), limits);
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, attribute.key, value_bytes);
  write_any_value(out, attribute.value, within);
}

char* SpanSlot::place_attribute(std::string_view key, std::size_t size, const SpanLimits& limits) noexcept {
  if (key.empty() || !is_ascii(key))
      [[unlikely]] {  // keys are names from code; anything else is a mistake worth counting
    ++dropped_attributes;
    return nullptr;
  }
  const std::size_t field_size = wire::length_field_size(size);
  const std::uint32_t fingerprint = fingerprint_of(key);
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i].fingerprint != fingerprint) continue;
    const EncodedAttribute old = decode_attribute(body.data() + attributes[i].offset);
    if (old.key != key) continue;
    if (old.size == field_size) return body.data() + attributes[i].offset;
    remove_attribute(i);
    break;
  }
  if (attributes.size() >= limits.max_attributes || body.size() + field_size > limits.max_span_bytes) {
    ++dropped_attributes;
    return nullptr;
  }
  const std::size_t offset = body.size();
  char* out = body.extend(field_size);
  if (out == nullptr || (attributes.size() == attributes.capacity() && !grow_index())) [[unlikely]] {
    ++dropped_attributes;
    if (out != nullptr) body.resize_range(offset, field_size, 0);
    return nullptr;
  }
  attributes.push_back({fingerprint, static_cast<std::uint32_t>(offset)});
  return out;
}

bool SpanSlot::grow_index() noexcept {
  try {
    attributes.reserve(attributes.empty() ? 32 : attributes.size() * 2);
    return true;
  } catch (...) {
    return false;
  }
}

void SpanSlot::remove_attribute(std::size_t index) noexcept {
  const std::uint32_t offset = attributes[index].offset;
  const auto size = static_cast<std::uint32_t>(decode_attribute(body.data() + offset).size);
  body.resize_range(offset, size, 0);
  attributes.erase(attributes.begin() + static_cast<std::ptrdiff_t>(index));
  for (IndexEntry& entry : attributes) {
    if (entry.offset > offset) entry.offset -= size;
  }
}

namespace {

// Events and links are written here first, since their length stands before them. One per thread, memory kept.
ByteBuffer& scratch() noexcept {
  thread_local ByteBuffer buffer;
  buffer.reset();
  return buffer;
}

void append_dropped(ByteBuffer& out, char field_tag, std::uint32_t dropped) noexcept {
  if (dropped == 0) return;
  if (char* at = out.extend(wire::varint_field_size(dropped))) wire::write_varint_field(at, field_tag, dropped);
}

void append_text(ByteBuffer& out, char field_tag, std::string_view text) noexcept {
  if (char* at = out.extend(wire::length_field_size(text.size()))) wire::write_length_field(at, field_tag, text);
}

}  // namespace

void SpanSlot::add_event(std::string_view name, Attributes given, std::uint64_t unix_nanos,
                         const SpanLimits& limits) noexcept {
  if (events >= limits.max_events) {
    ++dropped_events;
    return;
  }
  ByteBuffer& event = scratch();
  if (char* at = event.extend(wire::fixed64_field_size)) {
    wire::write_fixed64_field(at, wire::event_field::time, unix_nanos);
  }
  append_text(event, wire::event_field::name, clean_text(name, SIZE_MAX));
  const std::uint32_t left_out =
      append_attributes(event, wire::event_field::attributes, given, limits.max_event_attributes, value_limits(limits));
  append_dropped(event, wire::event_field::dropped_attributes, left_out);
  if (body.size() + event.size() > limits.max_span_bytes) {
    ++dropped_events;
    return;
  }
  append_text(body, wire::span_field::events, event.view());
  ++events;
}

void SpanSlot::add_link(const SpanContext& to, Attributes list, const SpanLimits& limits) noexcept {
  if (links >= limits.max_links) {
    ++dropped_links;
    return;
  }
  ByteBuffer& link = scratch();
  append_text(link, wire::link_field::trace_id, to.trace_id.as_bytes());
  append_text(link, wire::link_field::span_id, to.span_id.as_bytes());
  if (!to.trace_state.is_empty()) append_text(link, wire::link_field::trace_state, to.trace_state.header());
  const std::uint32_t left_out =
      append_attributes(link, wire::link_field::attributes, list, limits.max_link_attributes, value_limits(limits));
  append_dropped(link, wire::link_field::dropped_attributes, left_out);
  const std::uint32_t flags = (to.trace_flags & SpanContext::w3c_flags) | 0x100U | (to.is_remote ? 0x200U : 0U);
  if (char* at = link.extend(wire::fixed32_field_size)) wire::write_fixed32_field(at, wire::link_field::flags, flags);
  if (body.size() + link.size() > limits.max_span_bytes) {
    ++dropped_links;
    return;
  }
  append_text(body, wire::span_field::links, link.view());
  ++links;
}

void SpanSlot::set_status(StatusCode code, std::string_view message, const SpanLimits& limits) noexcept {
  if (code == StatusCode::Unset || status == StatusCode::Ok) return;
  status = code;
  status_message.reset();
  if (code == StatusCode::Error) status_message.append(clean_text(message, limits.max_value_length));
}

std::size_t SpanSlot::status_size() const noexcept {
  if (status == StatusCode::Unset) return 0;
  const std::size_t message = status_message.size() == 0 ? 0 : wire::length_field_size(status_message.size());
  return message + wire::varint_field_size(static_cast<std::uint64_t>(status));
}

SpanSlot::RecordSize SpanSlot::record_size() const noexcept {
  const auto counted = [](std::uint32_t count) { return count == 0 ? 0 : wire::varint_field_size(count); };
  std::size_t size = wire::length_field_size(TraceId::byte_count) + wire::length_field_size(SpanId::byte_count);
  if (!node.context.trace_state.is_empty()) {
    size += wire::length_field_size(node.context.trace_state.header().size());
  }
  if (parent_span_id.is_valid()) size += wire::length_field_size(SpanId::byte_count);
  size += wire::varint_field_size(static_cast<std::uint64_t>(kind)) + 2 * wire::fixed64_field_size;
  size += body.size();
  size += counted(dropped_attributes) + counted(dropped_events) + counted(dropped_links);
  if (status != StatusCode::Unset) size += wire::length_field_size(status_size());
  size += wire::span_flags_size;
  return {size, wire::length_field_size(size)};
}

void SpanSlot::write_record(char* out, RecordSize size, std::uint64_t start, std::uint64_t end) const noexcept {
  namespace field = wire::span_field;
  const auto counted = [&out](char field_tag, std::uint32_t count) {
    if (count != 0) out = wire::write_varint_field(out, field_tag, count);
  };
  out = wire::write_length_prefix(out, wire::scope_spans_spans, size.span);
  out = wire::write_length_field(out, field::trace_id, node.context.trace_id.as_bytes());
  out = wire::write_length_field(out, field::span_id, node.context.span_id.as_bytes());
  if (!node.context.trace_state.is_empty()) {
    out = wire::write_length_field(out, field::trace_state, node.context.trace_state.header());
  }
  if (parent_span_id.is_valid()) out = wire::write_length_field(out, field::parent_span_id, parent_span_id.as_bytes());
  out = wire::write_varint_field(out, field::kind, static_cast<std::uint64_t>(kind));
  out = wire::write_fixed64_field(out, field::start_time, start);
  out = wire::write_fixed64_field(out, field::end_time, end);
  out = wire::write_bytes(out, body.view());
  counted(field::dropped_attributes, dropped_attributes);
  counted(field::dropped_events, dropped_events);
  counted(field::dropped_links, dropped_links);
  if (status != StatusCode::Unset) {
    out = wire::write_length_prefix(out, field::status, status_size());
    if (status_message.size() != 0) {
      out = wire::write_length_field(out, wire::status_field::message, status_message.view());
    }
    out = wire::write_varint_field(out, wire::status_field::code, static_cast<std::uint64_t>(status));
  }
  const std::uint32_t remoteness = 0x100U | (parent_is_remote ? 0x200U : 0U);
  wire::write_span_flags(out, (node.context.trace_flags & SpanContext::w3c_flags) | remoteness);
}

}  // namespace segue::detail
