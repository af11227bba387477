#include <zlib.h>

#include <bit>
#include <iterator>
#include <utility>
#include <vector>

#include "byte_codec.h"
#include "chunk_codec.h"
#include "chunk_format.h"

namespace segue::server::detail {
namespace {

/// Reads what TextWriter wrote: through a chunk's table and the dictionary, or spelled out without one.
class TextReader {
 public:
  TextReader() = default;
  explicit TextReader(const Dictionary& dictionary) noexcept : dictionary_(&dictionary) {}

  std::string_view read(ByteReader& in, TextClass text_class) {
    if (dictionary_ == nullptr) return in.text();
    const std::uint64_t reference = in.varint();
    if (reference == text_is_inline) return table_.emplace_back(in.text());
    if ((reference & text_in_dictionary) != 0) {
      const auto text = dictionary_->text(text_class, static_cast<std::uint32_t>(reference >> 1));
      if (text) return *text;
    } else if ((reference >> 1) <= table_.size()) {
      return table_[static_cast<std::size_t>(reference >> 1) - 1];
    }
    in.fail();
    return {};
  }

 private:
  const Dictionary* dictionary_ = nullptr;
  std::vector<std::string_view> table_;
};

ValueView read_value(ByteReader& in, TextReader& texts) {
  switch (static_cast<ValueTag>(in.byte())) {
    case ValueTag::Empty: return std::monostate();
    case ValueTag::False: return false;
    case ValueTag::True: return true;
    case ValueTag::Int: return in.signed_varint();
    case ValueTag::Double: return std::bit_cast<double>(in.fixed64());
    case ValueTag::String: return texts.read(in, TextClass::Name);
    case ValueTag::Bytes: return BytesView{texts.read(in, TextClass::Name)};
    case ValueTag::Array: return ArrayView{texts.read(in, TextClass::Name)};
    case ValueTag::Map: return MapView{texts.read(in, TextClass::Name)};
  }
  in.fail();
  return std::monostate();
}

AttributeViews read_attributes(ByteReader& in, TextReader& texts) {
  AttributeViews attributes(in.count());
  for (AttributeView& attribute : attributes) {
    attribute.key = texts.read(in, TextClass::Key);
    attribute.value = read_value(in, texts);
    if (in.failed()) return {};
  }
  return attributes;
}

std::uint32_t read_u32(ByteReader& in) noexcept {
  const std::uint64_t value = in.varint();
  if (value > UINT32_MAX) in.fail();
  return static_cast<std::uint32_t>(value);
}

template <class IdType>
IdType read_id(ByteReader& in) noexcept {
  return IdType::from_bytes(in.raw(IdType::byte_count)).value_or(IdType{});
}

void read_events(ByteReader& in, TextReader& texts, SpanView& span) {
  span.events.resize(in.count());
  for (EventView& event : span.events) {
    event.time_unix_nanos = span.start_unix_nanos + static_cast<std::uint64_t>(in.signed_varint());
    event.name = texts.read(in, TextClass::Name);
    event.dropped_attributes = read_u32(in);
    event.attributes = read_attributes(in, texts);
    if (in.failed()) return;
  }
}

void read_links(ByteReader& in, TextReader& texts, SpanView& span) {
  span.links.resize(in.count());
  for (LinkView& link : span.links) {
    link.trace_id = read_id<TraceId>(in);
    link.span_id = read_id<SpanId>(in);
    link.flags = read_u32(in);
    link.dropped_attributes = read_u32(in);
    link.trace_state = texts.read(in, TextClass::Name);
    link.attributes = read_attributes(in, texts);
    if (in.failed()) return;
  }
}

void read_span(ByteReader& in, TextReader& texts, std::uint64_t base_time, std::uint32_t fields, SpanView& span) {
  span.kind = static_cast<SpanKind>(in.byte());
  span.status = static_cast<StatusCode>(in.byte());
  span.span_id = read_id<SpanId>(in);
  span.name = texts.read(in, TextClass::Name);
  span.start_unix_nanos = base_time + static_cast<std::uint64_t>(in.signed_varint());
  span.end_unix_nanos = span.start_unix_nanos + static_cast<std::uint64_t>(in.signed_varint());
  if ((fields & field_parent) != 0) span.parent_span_id = read_id<SpanId>(in);
  if ((fields & field_flags) != 0) span.flags = read_u32(in);
  if ((fields & field_trace_state) != 0) span.trace_state = texts.read(in, TextClass::Name);
  if ((fields & field_attributes) != 0) span.attributes = read_attributes(in, texts);
  if ((fields & field_events) != 0) read_events(in, texts, span);
  if ((fields & field_links) != 0) read_links(in, texts, span);
  if ((fields & field_dropped) != 0) {
    span.dropped_attributes = read_u32(in);
    span.dropped_events = read_u32(in);
    span.dropped_links = read_u32(in);
  }
  if ((fields & field_status_message) != 0) span.status_message = texts.read(in, TextClass::Name);
}

std::unique_ptr<const ResourceView> read_resource(std::string_view encoded) {
  ByteReader in(encoded);
  TextReader texts;
  auto resource = std::make_unique<ResourceView>();
  resource->schema_url = in.text();
  resource->dropped_attributes = read_u32(in);
  resource->attributes = read_attributes(in, texts);
  return in.failed() ? nullptr : std::move(resource);
}

std::unique_ptr<const ScopeView> read_scope(std::string_view encoded) {
  ByteReader in(encoded);
  TextReader texts;
  auto scope = std::make_unique<ScopeView>();
  scope->name = in.text();
  scope->version = in.text();
  scope->schema_url = in.text();
  scope->dropped_attributes = read_u32(in);
  scope->attributes = read_attributes(in, texts);
  return in.failed() ? nullptr : std::move(scope);
}

/// Reads a chunk's table of resources or scopes.
template <class View>
std::vector<std::unique_ptr<const View>> read_shared(ByteReader& in, const Dictionary& dictionary, TextClass text_class,
                                                     std::unique_ptr<const View> (*read)(std::string_view)) {
  std::vector<std::unique_ptr<const View>> views(in.count());
  for (auto& view : views) {
    const std::uint32_t number = read_u32(in);
    const auto encoded = number == 0 ? std::optional(in.text()) : dictionary.text(text_class, number);
    if (!in.failed() && encoded) view = read(*encoded);
    if (view == nullptr) {
      in.fail();
      return {};
    }
  }
  return views;
}

/// A chunk being read; moved into the caller's list only when all of it was sound.
struct Contents {
  std::vector<SpanView> spans;
  std::vector<std::unique_ptr<const ResourceView>> resources;
  std::vector<std::unique_ptr<const ScopeView>> scopes;
};

void read_spans(ByteReader& in, const Dictionary& dictionary, Contents& out) {
  const TraceId trace_id = read_id<TraceId>(in);
  const std::uint64_t base_time = in.fixed64();
  out.spans.resize(in.count());
  out.resources = read_shared(in, dictionary, TextClass::Resource, &read_resource);
  out.scopes = read_shared(in, dictionary, TextClass::Scope, &read_scope);
  TextReader texts(dictionary);
  std::uint32_t resource = 0, scope = 0;
  for (SpanView& span : out.spans) {
    const std::uint32_t fields = read_u32(in);
    if ((fields & field_resource) != 0) resource = read_u32(in);
    if ((fields & field_scope) != 0) scope = read_u32(in);
    if (resource >= out.resources.size() || scope >= out.scopes.size()) in.fail();
    if (in.failed()) return;
    span.trace_id = trace_id;
    span.resource = out.resources[resource].get();
    span.scope = out.scopes[scope].get();
    read_span(in, texts, base_time, fields, span);
  }
  if (!in.is_at_end()) in.fail();
}

template <class T>
void move_to_end(std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

Result<void> decode_chunk(std::shared_ptr<const std::string> bytes, std::shared_ptr<const Dictionary> dictionary,
                          SpanList& list) {
  ByteReader prefix(*bytes);
  const std::uint8_t version = prefix.byte();
  const std::uint32_t checksum = prefix.fixed32();
  if (prefix.failed()) return Error{Errc::Corruption, "it is too short"};
  if (version != chunk_version) {
    return Error{Errc::Corruption, "its format " + std::to_string(version) + " is not known"};
  }
  const std::string_view body = prefix.rest();
  if (crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())) != checksum) {
    return Error{Errc::Corruption, "its checksum is wrong"};
  }
  ByteReader in(body);
  Contents contents;
  read_spans(in, *dictionary, contents);
  if (in.failed()) return Error{Errc::Corruption, "its contents do not follow the format"};
  move_to_end(contents.spans, list.spans);
  move_to_end(contents.resources, list.resources);
  move_to_end(contents.scopes, list.scopes);
  list.buffers.push_back(std::move(bytes));
  static const std::string no_text;
  list.buffers.emplace_back(std::shared_ptr<const std::string>(std::move(dictionary), &no_text));
  return {};
}

}  // namespace segue::server::detail
