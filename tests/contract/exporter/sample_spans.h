// Spans that use everything a span can have, for the exporter contract.
//
// Thread safety: plain values. Errors: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "segue/model/span_view.h"

namespace segue::contract {

/// Spans of one resource and two scopes, and what their views point to.
class SampleSpans {
 public:
  SampleSpans();
  SampleSpans(const SampleSpans&) = delete;
  SampleSpans& operator=(const SampleSpans&) = delete;

  const std::vector<SpanView>& spans() const noexcept { return spans_; }

  /// A small one; spans with different numbers have different ids.
  SpanView numbered(std::uint64_t number) const;

 private:
  SpanView rich_span() const;
  SpanView failed_span() const;
  SpanView foreign_span() const;

  ResourceView resource_;
  ScopeView bots_;
  ScopeView client_;
  std::string array_;
  std::vector<SpanView> spans_;
};

}  // namespace segue::contract
