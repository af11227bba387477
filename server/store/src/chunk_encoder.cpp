#include <zlib.h>

#include <bit>
#include <vector>

#include "byte_codec.h"
#include "chunk_codec.h"
#include "chunk_format.h"

namespace segue::server::detail {
namespace {

/// The texts a chunk has spelled out so far.
class TextTable {
 public:
  void write(ByteWriter& out, std::string_view text) {
    const auto [place, is_new] = places_.try_emplace(text, static_cast<std::uint32_t>(places_.size() + 1));
    if (is_new) {
      out.varint(text_is_inline).text(text);
    } else {
      out.varint(std::uint64_t{place->second} << 1);
    }
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> places_;
};

/// Writes texts through a chunk's table and the dictionary, or spelled out where there is no chunk around.
class TextWriter {
 public:
  TextWriter() = default;
  TextWriter(TextTable& table, Dictionary& dictionary) noexcept : table_(&table), dictionary_(&dictionary) {}

  /// A text of few different values, such as a name or a key.
  void name(ByteWriter& out, TextClass text_class, std::string_view text) {
    const std::uint32_t number = dictionary_ == nullptr ? 0 : dictionary_->number_for(text_class, text);
    if (number == 0) return value(out, text);
    out.varint(std::uint64_t{number} << 1 | text_in_dictionary);
  }

  void value(ByteWriter& out, std::string_view text) {
    if (table_ == nullptr) {
      out.text(text);
    } else {
      table_->write(out, text);
    }
  }

  void key(ByteWriter& out, std::string_view text) {
    if (table_ == nullptr) {
      out.text(text);
    } else {
      name(out, TextClass::Key, text);
    }
  }

 private:
  TextTable* table_ = nullptr;
  Dictionary* dictionary_ = nullptr;
};

struct ValueWriter {
  ByteWriter& out;
  TextWriter& texts;

  void tag(ValueTag value) { out.byte(static_cast<std::uint8_t>(value)); }
  void operator()(std::monostate) { tag(ValueTag::Empty); }
  void operator()(bool value) { tag(value ? ValueTag::True : ValueTag::False); }
  void operator()(std::int64_t value) {
    tag(ValueTag::Int);
    out.signed_varint(value);
  }
  void operator()(double value) {
    tag(ValueTag::Double);
    out.fixed64(std::bit_cast<std::uint64_t>(value));
  }
  void operator()(std::string_view value) {
    tag(ValueTag::String);
    texts.value(out, value);
  }
  void operator()(BytesView value) {
    tag(ValueTag::Bytes);
    texts.value(out, value.bytes);
  }
  void operator()(ArrayView value) {
    tag(ValueTag::Array);
    texts.value(out, value.encoded);
  }
  void operator()(MapView value) {
    tag(ValueTag::Map);
    texts.value(out, value.encoded);
  }
};

void write_attributes(ByteWriter& out, TextWriter& texts, const AttributeViews& attributes) {
  out.varint(attributes.size());
  for (const AttributeView& attribute : attributes) {
    texts.key(out, attribute.key);
    std::visit(ValueWriter{out, texts}, attribute.value);
  }
}

std::int64_t difference(std::uint64_t later, std::uint64_t earlier) noexcept {
  return static_cast<std::int64_t>(later - earlier);  // modulo 2^64, so that any two times survive
}

void write_events(ByteWriter& out, TextWriter& texts, const SpanView& span) {
  out.varint(span.events.size());
  for (const EventView& event : span.events) {
    out.signed_varint(difference(event.time_unix_nanos, span.start_unix_nanos));
    texts.name(out, TextClass::Name, event.name);
    out.varint(event.dropped_attributes);
    write_attributes(out, texts, event.attributes);
  }
}

void write_links(ByteWriter& out, TextWriter& texts, const SpanView& span) {
  out.varint(span.links.size());
  for (const LinkView& link : span.links) {
    out.raw(link.trace_id.as_bytes()).raw(link.span_id.as_bytes()).varint(link.flags).varint(link.dropped_attributes);
    texts.value(out, link.trace_state);
    write_attributes(out, texts, link.attributes);
  }
}

std::uint32_t fields_of(const SpanView& span) noexcept {
  std::uint32_t fields = 0;
  const auto add_if = [&fields](bool present, SpanField field) { fields |= present ? field : 0U; };
  add_if(span.parent_span_id.is_valid(), field_parent);
  add_if(span.flags != 0, field_flags);
  add_if(!span.trace_state.empty(), field_trace_state);
  add_if(!span.attributes.empty(), field_attributes);
  add_if(!span.events.empty(), field_events);
  add_if(!span.links.empty(), field_links);
  add_if((span.dropped_attributes | span.dropped_events | span.dropped_links) != 0, field_dropped);
  add_if(!span.status_message.empty(), field_status_message);
  return fields;
}

void write_span(ByteWriter& out, TextWriter& texts, const SpanView& span, std::uint64_t base_time,
                std::uint32_t fields) {
  out.byte(static_cast<std::uint8_t>(span.kind)).byte(static_cast<std::uint8_t>(span.status));
  out.raw(span.span_id.as_bytes());
  texts.name(out, TextClass::Name, span.name);
  out.signed_varint(difference(span.start_unix_nanos, base_time));
  out.signed_varint(difference(span.end_unix_nanos, span.start_unix_nanos));
  if ((fields & field_parent) != 0) out.raw(span.parent_span_id.as_bytes());
  if ((fields & field_flags) != 0) out.varint(span.flags);
  if ((fields & field_trace_state) != 0) texts.value(out, span.trace_state);
  if ((fields & field_attributes) != 0) write_attributes(out, texts, span.attributes);
  if ((fields & field_events) != 0) write_events(out, texts, span);
  if ((fields & field_links) != 0) write_links(out, texts, span);
  if ((fields & field_dropped) != 0) {
    out.varint(span.dropped_attributes).varint(span.dropped_events).varint(span.dropped_links);
  }
  if ((fields & field_status_message) != 0) texts.value(out, span.status_message);
}

/// Gives the resources or scopes of one chunk their places in it.
class SharedTable {
 public:
  /// The place of what lies at `address`, which has that number (0: none) and encoding.
  std::uint32_t place_of(const void* address, std::uint32_t number, std::string_view encoded) {
    const auto [known, is_new] = places_.try_emplace(address, static_cast<std::uint32_t>(places_.size()));
    if (is_new) {
      ByteWriter writer(entries_);
      writer.varint(number);
      if (number == 0) writer.text(encoded);
    }
    return known->second;
  }

  void write(ByteWriter& out) const { out.varint(places_.size()).raw(entries_); }

 private:
  std::unordered_map<const void*, std::uint32_t> places_;
  std::string entries_;
};

/// Who a span shares its resource or scope with: the span before, unless told otherwise.
struct Places {
  std::uint32_t resource = 0, scope = 0;
};

}  // namespace

const ChunkEncoder::Shared& ChunkEncoder::shared(const ResourceView* resource) {
  static const ResourceView none;
  const ResourceView& view = resource != nullptr ? *resource : none;
  const auto [entry, is_new] = shared_.try_emplace(&view);
  if (is_new) {
    ByteWriter out(entry->second.encoded);
    TextWriter texts;
    out.text(view.schema_url).varint(view.dropped_attributes);
    write_attributes(out, texts, view.attributes);
    entry->second.number = dictionary_.number_for(TextClass::Resource, entry->second.encoded);
  }
  return entry->second;
}

const ChunkEncoder::Shared& ChunkEncoder::shared(const ScopeView* scope) {
  static const ScopeView none;
  const ScopeView& view = scope != nullptr ? *scope : none;
  const auto [entry, is_new] = shared_.try_emplace(&view);
  if (is_new) {
    ByteWriter out(entry->second.encoded);
    TextWriter texts;
    out.text(view.name).text(view.version).text(view.schema_url).varint(view.dropped_attributes);
    write_attributes(out, texts, view.attributes);
    entry->second.number = dictionary_.number_for(TextClass::Scope, entry->second.encoded);
  }
  return entry->second;
}

std::string ChunkEncoder::encode(const TraceId& trace_id, std::span<const SpanView* const> spans) {
  SharedTable resources, scopes;
  TextTable table;
  TextWriter texts(table, dictionary_);
  std::string records;
  ByteWriter out(records);
  const std::uint64_t base_time = spans.front()->start_unix_nanos;
  Places before;
  for (const SpanView* span : spans) {
    const Shared& resource = shared(span->resource);
    const Shared& scope = shared(span->scope);
    const Places places{resources.place_of(&resource, resource.number, resource.encoded),
                        scopes.place_of(&scope, scope.number, scope.encoded)};
    std::uint32_t fields = fields_of(*span);
    if (places.resource != before.resource) fields |= field_resource;
    if (places.scope != before.scope) fields |= field_scope;
    out.varint(fields);
    if ((fields & field_resource) != 0) out.varint(places.resource);
    if ((fields & field_scope) != 0) out.varint(places.scope);
    write_span(out, texts, *span, base_time, fields);
    before = places;
  }
  std::string body;
  ByteWriter body_out(body);
  body_out.raw(trace_id.as_bytes()).fixed64(base_time).varint(spans.size());
  resources.write(body_out);
  scopes.write(body_out);
  body_out.raw(records);
  std::string chunk;
  chunk.reserve(chunk_prefix_bytes + body.size());
  const auto checksum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  ByteWriter(chunk).byte(chunk_version).fixed32(static_cast<std::uint32_t>(checksum)).raw(body);
  return chunk;
}

}  // namespace segue::server::detail
