// Decodes what a provider recorded, so that tests look at spans as a collector would.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "segue/otlp/decode.h"
#include "segue/trace/current.h"
#include "segue/trace/provider.h"
#include "segue/trace/record_queue.h"

namespace segue {

/// Takes everything out of the queue. The list owns its bytes.
inline SpanList drain(TracerProvider& provider) {
  SpanList list;
  RecordQueue& queue = provider.queue();
  while (RecordBatch batch = queue.collect(1000)) {
    for (const RecordRegion& region : batch.regions) {
      // A ScopeSpans message as an exporter frames it, inside ResourceSpans, inside the request.
      const auto framed = [](char tag, std::string_view content) {
        std::string out(1, tag);
        for (std::size_t rest = content.size();; rest >>= 7) {
          out += static_cast<char>((rest & 0x7f) | (rest >= 0x80 ? 0x80 : 0));
          if (rest < 0x80) break;
        }
        return out += content;
      };
      const std::string scope_spans =
          framed(0x0a, region.scope) + std::string(region.spans) + framed(0x1a, region.schema_url);
      const std::string resource_spans = framed(0x0a, queue.resource()) + framed(0x12, scope_spans);
      auto bytes = std::make_shared<const std::string>(framed(0x0a, resource_spans));
      auto request = otlp::decode_request(*bytes);
      EXPECT_TRUE(request) << (request ? "" : request.error().message);
      if (!request) continue;
      EXPECT_EQ(request->rejected_spans, 0U) << request->rejection_message;
      EXPECT_EQ(request->list.spans.size(), region.span_count);
      for (auto& span : request->list.spans) list.spans.push_back(std::move(span));
      for (auto& resource : request->list.resources) list.resources.push_back(std::move(resource));
      for (auto& scope : request->list.scopes) list.scopes.push_back(std::move(scope));
      list.buffers.push_back(std::move(bytes));
    }
    queue.release(std::move(batch));
  }
  return list;
}

/// The first span of that name. Spans that ended on several threads come in no particular order.
inline const SpanView& span_named(const SpanList& list, std::string_view name) {
  for (const SpanView& span : list.spans) {
    if (span.name == name) return span;
  }
  ADD_FAILURE() << "no span " << name;
  static const SpanView none;
  return none;
}

inline TracerProvider make_provider(const TracerProviderOptions& options = {}) {
  auto provider = TracerProvider::create(options);
  if (!provider) std::abort();
  return *std::move(provider);
}

template <class T>
T value_of(const SpanView& span, std::string_view key) {
  const ValueView* value = find_attribute(span.attributes, key);
  if (value == nullptr || !std::holds_alternative<T>(*value)) {
    ADD_FAILURE() << "no such attribute, or another type: " << key;
    return T{};
  }
  return std::get<T>(*value);
}

}  // namespace segue
