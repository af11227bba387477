#include "segue/export/request_frame.h"

#include <array>

#include "segue/otlp/wire.h"

namespace segue {
namespace {

namespace wire = otlp::wire;

// ExportTraceServiceRequest, ResourceSpans and ScopeSpans in opentelemetry-proto.
constexpr char resource_spans_tag = wire::tag(1, wire::WireType::Length);
constexpr char resource_tag = wire::tag(1, wire::WireType::Length);
constexpr char scope_spans_tag = wire::tag(2, wire::WireType::Length);
constexpr char scope_tag = wire::tag(1, wire::WireType::Length);
constexpr char schema_url_tag = wire::tag(3, wire::WireType::Length);

constexpr std::size_t max_prefix_bytes = 11;  // a tag and the longest varint
constexpr std::size_t prefixes_per_batch = 2;
constexpr std::size_t prefixes_per_region = 3;

std::size_t optional_field_size(std::string_view content) noexcept {
  return content.empty() ? 0 : wire::length_field_size(content.size());
}

std::size_t scope_spans_size(const ExportRegion& region) noexcept {
  return optional_field_size(region.scope) + region.spans.size() + optional_field_size(region.schema_url);
}

}  // namespace

void RequestFrame::assign(const ExportBatch& batch) {
  prefixes_.clear();
  prefixes_.reserve(max_prefix_bytes * (prefixes_per_batch + prefixes_per_region * batch.regions.size()));
  pieces_.clear();
  size_ = 0;

  std::size_t resource_spans = wire::length_field_size(batch.resource.size());
  for (const ExportRegion& region : batch.regions) resource_spans += wire::length_field_size(scope_spans_size(region));
  add_prefix(resource_spans_tag, resource_spans);
  add_prefix(resource_tag, batch.resource.size());
  add_piece(batch.resource);
  for (const ExportRegion& region : batch.regions) add_region(region);
}

void RequestFrame::add_region(const ExportRegion& region) {
  add_prefix(scope_spans_tag, scope_spans_size(region));
  if (!region.scope.empty()) {
    add_prefix(scope_tag, region.scope.size());
    add_piece(region.scope);
  }
  add_piece(region.spans);
  if (!region.schema_url.empty()) {
    add_prefix(schema_url_tag, region.schema_url.size());
    add_piece(region.schema_url);
  }
}

void RequestFrame::add_prefix(char tag, std::size_t content) {
  std::array<char, max_prefix_bytes> prefix;
  const char* end = wire::write_length_prefix(prefix.data(), tag, content);
  const auto length = static_cast<std::size_t>(end - prefix.data());
  const char* begin = prefixes_.data() + prefixes_.size();
  prefixes_.append(prefix.data(), length);
  add_piece({begin, length});
}

void RequestFrame::add_piece(std::string_view piece) {
  if (piece.empty()) return;
  pieces_.push_back(piece);
  size_ += piece.size();
}

std::string RequestFrame::joined() const {
  std::string request;
  request.reserve(size_);
  for (const std::string_view piece : pieces_) request.append(piece);
  return request;
}

}  // namespace segue
