// SpanReader: reads the messages below ScopeSpans, keeping its scratch space from span to span.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "segue/model/span_view.h"
#include "segue/otlp/decode.h"

namespace segue::otlp {

class SpanReader {
 public:
  explicit SpanReader(const DecodeLimits& limits) : levels_(limits.max_value_depth), items_left_(limits.max_items) {}

  /// Fills `span`, which must be fresh. Answers why the span cannot be accepted, or null if it can;
  /// throws if the bytes are malformed or the limits are passed.
  const char* read_span(std::string_view encoded, SpanView& span);

  ResourceView read_resource(std::string_view encoded);
  ScopeView read_scope(std::string_view encoded);

  /// Takes `count` from what `DecodeLimits::max_items` allows.
  void spend(std::size_t count);
  std::size_t items_left() const noexcept { return items_left_; }

 private:
  const char* read_span_fields(std::string_view encoded, SpanView& span);
  void read_status(std::string_view encoded, SpanView& span) const;
  EventView read_event(std::string_view encoded);
  bool read_link(std::string_view encoded, LinkView& link);  // false: a bad id
  void read_attributes(const std::vector<std::string_view>& encoded, AttributeViews& attributes);

  unsigned levels_;
  std::size_t items_left_;
  // Encoded fields of the message being read: gathered first, so that vectors get their size at once.
  std::vector<std::string_view> span_attributes_;
  std::vector<std::string_view> events_;
  std::vector<std::string_view> links_;
  std::vector<std::string_view> attributes_;
};

}  // namespace segue::otlp
