// The attributes of an open span.
#include <algorithm>
#include <bit>
#include <new>
#include <vector>

#include "attribute_encoding.h"
#include "body_field.h"
#include "segue/otlp/wire.h"
#include "span_slot.h"
#include "text.h"

namespace segue::detail {
namespace {

namespace wire = otlp::wire;

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

// Where no length takes more than one byte.
constexpr std::size_t max_short_content = 127;

}  // namespace

std::string_view SpanSlot::find_attribute(std::string_view key) const noexcept {
  if (key.empty() || !keys.may_contain(KeySet::place_of(key))) return {};
  const std::size_t offset = offset_of(body.view(), name_offset + name_size, key);
  return offset == body.size() ? std::string_view() : read_field(body.view().data() + offset).content;
}

/// Appends attributes that are new and short in every respect, as nearly all are. What that changes is held here, apart
/// from the slot: the compiler cannot tell the slot's members from the bytes that are written.
class SpanSlot::Appender {
 public:
  explicit Appender(SpanSlot& slot) noexcept
      : slot_(&slot),
        data_(slot.body.data()),
        size_(slot.body.size()),
        max_size_(std::min(slot.body.capacity(), slot.limits->max_span_bytes)),
        attributes_(slot.attributes),
        max_attributes_(slot.limits->max_attributes),
        max_text_(slot.limits->max_value_length) {}

  /// Makes what was appended the slot's.
  void commit() noexcept {
    slot_->body.set_size(size_);
    slot_->attributes = attributes_;
  }

  /// False: it is not such an attribute, and nothing has changed.
  template <class Value>
  bool append(std::string_view key, const Value& value) noexcept {
    const std::size_t value_bytes = value.size(max_text_);
    const std::size_t content = key.size() + value_bytes + 4;
    if (key.empty() || content > max_short_content) return false;
    const std::uint32_t place = KeySet::place_of(key);
    if (!has_room(place, content + 2)) return false;
    char* at = data_ + size_;
    at[0] = wire::span_field::attributes;
    at[1] = static_cast<char>(content);
    at[2] = wire::key_value_field::key;
    at[3] = static_cast<char>(key.size());
    const std::uint64_t seen = copy_text(at + 4, key);
    at += 4 + key.size();
    at[0] = wire::key_value_field::value;
    at[1] = static_cast<char>(value_bytes);
    if (!is_ascii_word(seen | value.write(at + 2))) return false;
    add(place, content + 2);
    return true;
  }

  /// The same for a whole field of any size, whose key's place in the set is `place`.
  bool append_encoded(std::string_view field, std::uint32_t place) noexcept {
    if (!has_room(place, field.size())) return false;
    wire::write_bytes(data_ + size_, field);
    add(place, field.size());
    return true;
  }

 private:
  bool has_room(std::uint32_t place, std::size_t field) const noexcept {
    return attributes_ < max_attributes_ && !slot_->keys.may_contain(place) && size_ + field <= max_size_;
  }
  void add(std::uint32_t place, std::size_t field) noexcept {
    slot_->keys.add(place);
    ++attributes_;
    size_ += field;
  }

  SpanSlot* slot_;
  char* data_;
  std::size_t size_;
  std::size_t max_size_;
  std::uint32_t attributes_;
  std::uint32_t max_attributes_;
  std::size_t max_text_;
};

namespace {

// The AnyValue messages that `SpanSlot::Appender` takes. `size` is more than any short one for what is too long or of
// another type; `write` gives all bytes of text or-ed together.
constexpr std::size_t not_short = max_short_content + 1;

struct ShortText {
  std::string_view text;
  std::size_t size(std::size_t max_text) const noexcept {
    return text.size() <= max_text ? text.size() + 2 : not_short;
  }
  std::uint64_t write(char* out) const noexcept {
    out[0] = wire::any_value_field::string_value;
    out[1] = static_cast<char>(text.size());
    return copy_text(out + 2, text);
  }
};

struct ShortBool {
  bool value;
  static std::size_t size(std::size_t) noexcept { return 2; }
  std::uint64_t write(char* out) const noexcept {
    wire::write_varint_field(out, wire::any_value_field::bool_value, value ? 1 : 0);
    return 0;
  }
};

struct ShortInt {
  std::int64_t value;
  std::size_t size(std::size_t) const noexcept { return wire::varint_field_size(static_cast<std::uint64_t>(value)); }
  std::uint64_t write(char* out) const noexcept {
    wire::write_varint_field(out, wire::any_value_field::int_value, static_cast<std::uint64_t>(value));
    return 0;
  }
};

struct ShortDouble {
  double value;
  static std::size_t size(std::size_t) noexcept { return wire::fixed64_field_size; }
  std::uint64_t write(char* out) const noexcept {
    wire::write_fixed64_field(out, wire::any_value_field::double_value, std::bit_cast<std::uint64_t>(value));
    return 0;
  }
};

// Whichever of them it is. One type for all, so that a list of attributes runs through the same few instructions.
class ShortValue {
 public:
  explicit ShortValue(const AttributeValue& value) noexcept : value_(value.variant()) {}
  std::size_t size(std::size_t max_text) const noexcept {
    return visit([max_text](const auto& value) { return value.size(max_text); }, not_short);
  }
  std::uint64_t write(char* out) const noexcept {
    return visit([out](const auto& value) { return value.write(out); }, std::uint64_t{0});
  }

 private:
  template <class Use, class Result>
  Result visit(Use use, Result otherwise) const noexcept {
    if (const auto* text = std::get_if<std::string_view>(&value_)) return use(ShortText{*text});
    if (const auto* number = std::get_if<std::int64_t>(&value_)) return use(ShortInt{*number});
    if (const auto* flag = std::get_if<bool>(&value_)) return use(ShortBool{*flag});
    if (const auto* number = std::get_if<double>(&value_)) return use(ShortDouble{*number});
    return otherwise;
  }

  const AttributeValue::Variant& value_;
};

}  // namespace

template <class Value>
inline bool SpanSlot::append(std::string_view key, const Value& value) noexcept {
  Appender appender(*this);
  if (!appender.append(key, value)) return false;
  appender.commit();
  return true;
}

void SpanSlot::set_string(std::string_view key, std::string_view value) noexcept {
  if (!append(key, ShortText{value})) set_text_at_length(key, value);
}

void SpanSlot::set_bool(std::string_view key, bool value) noexcept {
  if (!append(key, ShortBool{value})) set_at_length(key, value);
}

void SpanSlot::set_int(std::string_view key, std::int64_t value) noexcept {
  if (!append(key, ShortInt{value})) set_at_length(key, value);
}

void SpanSlot::set_double(std::string_view key, double value) noexcept {
  if (!append(key, ShortDouble{value})) set_at_length(key, value);
}

void SpanSlot::set(Attributes list) noexcept {
  const Attribute* at = list.begin();
  while (at != list.end()) {
    Appender appender(*this);
    while (at != list.end() && appender.append(at->key, ShortValue(at->value))) ++at;
    appender.commit();
    if (at == list.end()) return;
    set_at_length(at->key, at->value);
    ++at;
  }
}

void SpanSlot::set_at_length(std::string_view key, const AttributeValue& value) noexcept {
  if (const auto* text = std::get_if<std::string_view>(&value.variant())) return set_text_at_length(key, *text);
  const ValueLimits within = value_limits();
  const std::size_t value_bytes = any_value_size(value, within);
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes));
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes);
  write_any_value(out, value, within);
}

void SpanSlot::set_text_at_length(std::string_view key, std::string_view text) noexcept {
  text = clean_text(text, limits->max_value_length);
  const std::size_t value_bytes = wire::length_field_size(text.size());
  char* out = place_attribute(key, wire::key_value_size(key.size(), value_bytes));
  if (out == nullptr) return;
  out = wire::write_key_value_prefix(out, wire::span_field::attributes, key, value_bytes);
  wire::write_length_field(out, wire::any_value_field::string_value, text);
}

void SpanSlot::set(const FixedAttributes& fixed) noexcept {
  Appender appender(*this);
  for (const FixedAttributes::Item& item : fixed.items_) {
    const bool is_cut = item.longest > limits->max_value_length || (item.is_list && limits->max_value_depth == 0);
    if (!is_cut && appender.append_encoded(item.encoded, item.place)) [[likely]]
      continue;
    appender.commit();
    if (is_cut) {
      set_cut(item);
    } else if (char* out = place_field(item.key, item.encoded.size())) {
      wire::write_bytes(out, item.encoded);
    }
    appender = Appender(*this);
  }
  appender.commit();
}

void SpanSlot::set_cut(const FixedAttributes::Item& item) noexcept {
  if (!item.is_list) return set_string(item.key, item.texts.front());
  try {
    const std::vector<std::string_view> views(item.texts.begin(), item.texts.end());
    set_at_length(item.key, views);
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

}  // namespace segue::detail
