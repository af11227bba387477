#include "segue/otlp/decode.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "field_reader.h"
#include "field_tags.h"
#include "span_reader.h"

namespace segue::otlp {
namespace {

// A ResourceSpans or a ScopeSpans.
struct Group {
  std::string_view owner;
  std::vector<std::string_view> members;
  std::string_view schema_url;
};

Group read_group(std::string_view encoded, std::size_t max_members) {
  Group group;
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::group_field::owner: group.owner = read_bytes(reader); break;
      case wire::group_field::members: collect_bytes(reader, group.members, max_members); break;
      case wire::group_field::schema_url: group.schema_url = read_bytes(reader); break;
      default: skip_unknown(reader, 3);
    }
  }
  return group;
}

class RequestDecoder {
 public:
  explicit RequestDecoder(const DecodeLimits& limits) : reader_(limits), spans_left_(limits.max_spans) {}

  void read(std::string_view encoded) {
    FieldReader reader = open_message(encoded);
    while (reader.next()) {
      if (reader.tag_and_type() == wire::request_resource_spans) {
        read_resource_spans(read_bytes(reader));
        ++resource_index_;
      } else {
        skip_unknown(reader, 1);
      }
    }
  }

  DecodedRequest take() { return std::move(request_); }

  /// The message being read, e.g. "resource_spans[0].scope_spans[2].spans[17]".
  std::string where() const {
    return "resource_spans[" + std::to_string(resource_index_) + "].scope_spans[" + std::to_string(scope_index_) +
           "].spans[" + std::to_string(span_index_) + "]";
  }

 private:
  // Two ids and what frames them: no acceptable span is smaller.
  static constexpr std::size_t min_span_bytes = 30;

  void read_resource_spans(std::string_view encoded) {
    scope_index_ = 0;
    span_index_ = 0;
    const Group group = read_group(encoded, reader_.items_left());
    reader_.spend(1 + group.members.size());
    auto resource = std::make_unique<ResourceView>(reader_.read_resource(group.owner));
    resource->schema_url = group.schema_url;
    resource_ = resource.get();
    request_.list.resources.push_back(std::move(resource));
    for (const std::string_view member : group.members) {
      read_scope_spans(member);
      ++scope_index_;
    }
  }

  void read_scope_spans(std::string_view encoded) {
    span_index_ = 0;
    const Group group = read_group(encoded, spans_left_);
    spans_left_ -= group.members.size();
    auto scope = std::make_unique<ScopeView>(reader_.read_scope(group.owner));
    scope->schema_url = group.schema_url;
    scope_ = scope.get();
    request_.list.scopes.push_back(std::move(scope));
    reserve_spans(std::min(group.members.size(), encoded.size() / min_span_bytes));
    for (const std::string_view member : group.members) {
      read_span(member);
      ++span_index_;
    }
  }

  // Makes room for `count` more, doubling at least: a request may have many small scopes.
  void reserve_spans(std::size_t count) {
    std::vector<SpanView>& spans = request_.list.spans;
    const std::size_t needed = spans.size() + count;
    if (needed > spans.capacity()) spans.reserve(std::max(needed, spans.capacity() * 2));
  }

  void read_span(std::string_view encoded) {
    SpanView& span = request_.list.spans.emplace_back();
    if (const char* rejection = reader_.read_span(encoded, span)) {
      request_.list.spans.pop_back();
      if (request_.rejected_spans++ == 0) request_.rejection_message = where() + ": " + rejection;
      return;
    }
    span.resource = resource_;
    span.scope = scope_;
  }

  SpanReader reader_;
  std::size_t spans_left_;
  DecodedRequest request_;
  const ResourceView* resource_ = nullptr;
  const ScopeView* scope_ = nullptr;
  std::size_t resource_index_ = 0;
  std::size_t scope_index_ = 0;
  std::size_t span_index_ = 0;
};

}  // namespace

Result<DecodedRequest> decode_request(std::string_view protobuf, const DecodeLimits& limits) {
  RequestDecoder decoder(limits);
  auto result = catch_failures([&]() -> Result<DecodedRequest> {
    decoder.read(protobuf);
    return decoder.take();
  });
  if (!result) return result.error().with_context(decoder.where());
  return result;
}

Result<SpanView> decode_span(std::string_view protobuf, const DecodeLimits& limits) {
  return catch_failures([&]() -> Result<SpanView> {
    SpanView span;
    if (const char* rejection = SpanReader(limits).read_span(protobuf, span)) {
      return Error{Errc::InvalidArgument, rejection};
    }
    return span;
  });
}

Result<ResourceView> decode_resource(std::string_view protobuf, const DecodeLimits& limits) {
  return catch_failures([&]() -> Result<ResourceView> { return SpanReader(limits).read_resource(protobuf); });
}

Result<ScopeView> decode_scope(std::string_view protobuf, const DecodeLimits& limits) {
  return catch_failures([&]() -> Result<ScopeView> { return SpanReader(limits).read_scope(protobuf); });
}

}  // namespace segue::otlp
