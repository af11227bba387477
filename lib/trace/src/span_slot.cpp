#include "span_slot.h"

#include <bit>
#include <new>
#include <vector>

#include "attribute_encoding.h"
#include "segue/otlp/wire.h"
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

std::uint64_t read_varint(const char*& at) noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return value;
  }
}

// A length-delimited field of the body, as everything behind the header is.
struct BodyField {
  char field_tag;
  std::string_view content;
  std::size_t size;  // of the whole field
};

BodyField read_field(const char* field) noexcept {
  const char* at = field + 1;
  const std::uint64_t length = read_varint(at);
  return {*field, {at, length}, static_cast<std::size_t>(at - field) + length};
}

// The key of a KeyValue message, which stands first.
std::string_view key_of(std::string_view message) noexcept {
  const char* at = message.data() + 1;
  const std::uint64_t size = read_varint(at);
  return {at, size};
}

// Where the attribute `key` begins in `body`, searching from `offset` on; the body's end if it is not there.
std::size_t offset_of(std::string_view body, std::size_t offset, std::string_view key) noexcept {
  while (offset < body.size()) {
    const BodyField field = read_field(body.data() + offset);
    if (field.field_tag == wire::span_field::attributes && key_of(field.content) == key) break;
    offset += field.size;
  }
  return offset;
}

ValueLimits value_limits(const SpanLimits& limits) noexcept {
  return {limits.max_value_length, limits.max_value_depth};
}

// Where no length takes more than one byte.
constexpr std::size_t max_short_content = 127;

}  // namespace

void SpanSlot::begin(std::string_view name, const SpanLimits& given_limits) noexcept {
  is_recording = true;
  status = StatusCode::Unset;
  limits = &given_limits;
  body.reset();
  keys.clear();
  attributes = 0;
  name_offset = name_size = 0;
  start_unix_nanos = 0;
  events = links = dropped_attributes = dropped_events = dropped_links = 0;
  name = clean_text(name, SIZE_MAX);
  const std::string_view state = node.context.trace_state.header();
  const std::size_t header_size = (parent_span_id.is_valid() ? header::size_with_parent : header::size_without_parent) +
                                  (state.empty() ? 0 : wire::length_field_size(state.size()));
  const std::size_t name_field_size = wire::length_field_size(name.size());
  char* out = body.extend(header_size + name_field_size);
  if (out == nullptr) return;
  out = write_header(out);
  if (!state.empty()) out = wire::write_length_field(out, wire::span_field::trace_state, state);
  out = wire::write_length_prefix(out, wire::span_field::name, name.size());
  copy_text(out, name);
  name_offset = static_cast<std::uint32_t>(header_size);
  name_size = static_cast<std::uint32_t>(name_field_size);
}

// All but the times, which the end fills in.
char* SpanSlot::write_header(char* out) const noexcept {
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

std::string_view SpanSlot::find_attribute(std::string_view key) const noexcept {
  if (key.empty() || !keys.may_contain(KeySet::place_of(key))) return {};
  const std::size_t offset = offset_of(body.view(), name_offset + name_size, key);
  return offset == body.size() ? std::string_view() : read_field(body.view().data() + offset).content;
}

template <class WriteValue>
inline bool SpanSlot::append_short(std::string_view key, std::size_t value_bytes, WriteValue write_value) noexcept {
  const std::size_t content = key.size() + value_bytes + 4;
  if (key.empty() || content > max_short_content || attributes >= limits->max_attributes) return false;
  const std::uint32_t place = KeySet::place_of(key);
  const std::size_t field = content + 2;
  if (keys.may_contain(place) || body.size() + field > limits->max_span_bytes) return false;
  char* out = body.room(field);
  if (out == nullptr) return false;
  out[0] = wire::span_field::attributes;
  out[1] = static_cast<char>(content);
  out[2] = wire::key_value_field::key;
  out[3] = static_cast<char>(key.size());
  const std::uint64_t seen = copy_text(out + 4, key);
  out += 4 + key.size();
  out[0] = wire::key_value_field::value;
  out[1] = static_cast<char>(value_bytes);
  if (!is_ascii_word(seen | write_value(out + 2))) return false;
  body.grow_into_room(field);
  keys.add(place);
  ++attributes;
  return true;
}

void SpanSlot::set_string(std::string_view key, std::string_view value) noexcept {
  if (value.size() <= limits->max_value_length && value.size() < max_short_content) [[likely]] {
    const bool is_done = append_short(key, value.size() + 2, [value](char* out) {
      out[0] = wire::any_value_field::string_value;
      out[1] = static_cast<char>(value.size());
      return copy_text(out + 2, value);
    });
    if (is_done) return;
  }
  value = clean_text(value, limits->max_value_length);
  const std::size_t value_bytes = wire::length_field_size(value.size());
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes));
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes);
  wire::write_length_field(out, wire::any_value_field::string_value, value);
}

void SpanSlot::set_bool(std::string_view key, bool value) noexcept {
  constexpr std::size_t value_bytes = 2;
  const auto write = [value](char* out) {
    wire::write_varint_field(out, wire::any_value_field::bool_value, value ? 1 : 0);
    return std::uint64_t{0};
  };
  if (append_short(key, value_bytes, write)) return;
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes));
  if (out != nullptr) write(wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes));
}

void SpanSlot::set_int(std::string_view key, std::int64_t value) noexcept {
  const std::size_t value_bytes = wire::varint_field_size(static_cast<std::uint64_t>(value));
  const auto write = [value](char* out) {
    wire::write_varint_field(out, wire::any_value_field::int_value, static_cast<std::uint64_t>(value));
    return std::uint64_t{0};
  };
  if (append_short(key, value_bytes, write)) return;
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes));
  if (out != nullptr) write(wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes));
}

void SpanSlot::set_double(std::string_view key, double value) noexcept {
  constexpr std::size_t value_bytes = wire::fixed64_field_size;
  const auto write = [value](char* out) {
    wire::write_fixed64_field(out, wire::any_value_field::double_value, std::bit_cast<std::uint64_t>(value));
    return std::uint64_t{0};
  };
  if (append_short(key, value_bytes, write)) return;
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes));
  if (out != nullptr) write(wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes));
}

void SpanSlot::set(const Attribute& attribute) noexcept {
  const AttributeValue::Variant& value = attribute.value.variant();
  if (const auto* text = std::get_if<std::string_view>(&value)) return set_string(attribute.key, *text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return set_int(attribute.key, *number);
  if (const auto* flag = std::get_if<bool>(&value)) return set_bool(attribute.key, *flag);
  if (const auto* number = std::get_if<double>(&value)) return set_double(attribute.key, *number);
  const ValueLimits within = value_limits(*limits);
  const std::size_t value_bytes = any_value_size(attribute.value, within);
  char* out = place_attribute(attribute.key, wire::key_value_size(attribute.key.size(), value_bytes));
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, attribute.key, value_bytes);
  write_any_value(out, attribute.value, within);
}

void SpanSlot::set(const FixedAttributes& fixed) noexcept {
  for (const FixedAttributes::Item& item : fixed.items_) {
    if (item.longest > limits->max_value_length || (item.is_list && limits->max_value_depth == 0)) [[unlikely]] {
      set_cut(item);
    } else if (char* out = place_field(item.key, item.encoded.size())) {
      wire::write_bytes(out, item.encoded);
    }
  }
}

void SpanSlot::set_cut(const FixedAttributes::Item& item) noexcept {
  if (!item.is_list) return set_string(item.key, item.texts.front());
  try {
    const std::vector<std::string_view> views(item.texts.begin(), item.texts.end());
    set({item.key, views});
  } catch (const std::bad_alloc&) {
    ++dropped_attributes;
  }
}

char* SpanSlot::place_attribute(std::string_view key, std::size_t size) noexcept {
  return place_field(key, wire::length_field_size(size));
}

char* SpanSlot::place_field(std::string_view key, std::size_t field_size) noexcept {
  if (key.empty() || !is_ascii(key)) [[unlikely]] {  // keys are names from code; anything else is a mistake
    ++dropped_attributes;
    return nullptr;
  }
  const std::uint32_t place = KeySet::place_of(key);
  if (keys.may_contain(place)) {
    const std::size_t offset = offset_of(body.view(), name_offset + name_size, key);
    if (offset != body.size()) {
      const std::size_t old_size = read_field(body.data() + offset).size;
      if (old_size == field_size) return body.data() + offset;
      body.resize_range(offset, old_size, 0);
      --attributes;
    }
  }
  char* out = attributes < limits->max_attributes && body.size() + field_size <= limits->max_span_bytes
                  ? body.extend(field_size)
                  : nullptr;
  if (out == nullptr) {
    ++dropped_attributes;
    return nullptr;
  }
  keys.add(place);
  ++attributes;
  return out;
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
  const std::uint32_t left_out = append_attributes(event, wire::event_field::attributes, given,
                                                   limits->max_event_attributes, value_limits(*limits));
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
      append_attributes(link, wire::link_field::attributes, given, limits->max_link_attributes, value_limits(*limits));
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

std::size_t SpanSlot::status_size() const noexcept {
  const std::size_t message = status_message.size() == 0 ? 0 : wire::length_field_size(status_message.size());
  return message + wire::varint_field_size(static_cast<std::uint64_t>(status));
}

void SpanSlot::append_status() noexcept {
  const std::size_t size = status_size();
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
