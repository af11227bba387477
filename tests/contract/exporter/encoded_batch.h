// EncodedBatch: spans given as views, encoded and grouped by scope as the back end would hand them to an exporter.
//
//   EncodedBatch batch(list.spans);
//   exporter.export_spans(batch.get());
//
// Thread safety: a plain value. Errors: none; the resource is the first span's.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "segue/export/exporter.h"
#include "segue/model/span_view.h"
#include "segue/otlp/encode.h"
#include "segue/otlp/wire.h"

namespace segue::contract {

class EncodedBatch {
 public:
  explicit EncodedBatch(std::span<const SpanView> spans) {
    if (!spans.empty()) resource_ = otlp::encode_resource(*spans.front().resource);
    for (std::size_t at = 0; at < spans.size();) {
      const ScopeView& scope = *spans[at].scope;
      const std::string& encoded_scope = keep(otlp::encode_scope(scope));
      std::string& fields = keep({});
      const std::size_t first = at;
      for (; at < spans.size() && spans[at].scope == &scope; ++at) append_field(fields, otlp::encode_span(spans[at]));
      regions_.push_back({.scope = encoded_scope,
                          .schema_url = keep(std::string(scope.schema_url)),
                          .spans = fields,
                          .span_count = static_cast<std::uint32_t>(at - first)});
    }
  }
  EncodedBatch(const EncodedBatch&) = delete;
  EncodedBatch& operator=(const EncodedBatch&) = delete;

  ExportBatch get() const { return {.resource = resource_, .regions = regions_}; }

 private:
  std::string& keep(std::string bytes) { return strings_.emplace_back(std::move(bytes)); }

  static void append_field(std::string& fields, std::string_view span) {
    const std::size_t end = fields.size();
    fields.resize(end + otlp::wire::length_field_size(span.size()));
    otlp::wire::write_length_field(fields.data() + end, otlp::wire::scope_spans_spans, span);
  }

  std::string resource_;
  std::deque<std::string> strings_;  // regions point into them
  std::vector<ExportRegion> regions_;
};

}  // namespace segue::contract
