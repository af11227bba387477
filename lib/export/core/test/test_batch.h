// A small batch as the back end would hand it over: two scopes, three spans, encoded.
#pragma once

#include <string>
#include <vector>

#include "segue/export/exporter.h"
#include "segue/model/attributes.h"
#include "segue/model/span_view.h"
#include "segue/otlp/encode.h"
#include "segue/otlp/wire.h"

namespace segue::test {

class TestBatch {
 public:
  TestBatch() {
    ResourceView resource;
    resource.attributes = {{attributes::service_name, std::string_view("bots")}};
    resource_ = otlp::encode_resource(resource);
    ScopeView scope;
    scope.name = "acme.bots";
    scope.version = "1.4.0";
    scope_ = otlp::encode_scope(scope);
    append(bot_spans_, make_span("lead_bot.analyze_intent", 1));
    append(bot_spans_, make_span("handoff.lead_to_buyer", 2));
    append(other_spans_, make_span("GET", 3));
    regions_ = {{.scope = scope_,
                 .schema_url = "https://opentelemetry.io/schemas/1.44.0",
                 .spans = bot_spans_,
                 .span_count = 2},
                {.scope = {}, .schema_url = {}, .spans = other_spans_, .span_count = 1}};
  }
  TestBatch(const TestBatch&) = delete;
  TestBatch& operator=(const TestBatch&) = delete;

  ExportBatch get() const { return {.resource = resource_, .regions = regions_}; }

  /// Makes the request as long as wanted, in one attribute.
  void add_large_span(std::size_t bytes) {
    const std::string filler(bytes, 'x');
    SpanView span = make_span("large", 4);
    span.attributes.push_back({"filler", std::string_view(filler)});
    append(other_spans_, span);
    regions_[1] = {.scope = {}, .schema_url = {}, .spans = other_spans_, .span_count = 2};
  }

 private:
  static SpanView make_span(std::string_view name, std::uint8_t id) {
    SpanView span;
    span.trace_id.bytes[15] = 0xaa;
    span.span_id.bytes[7] = id;
    if (id > 1) span.parent_span_id.bytes[7] = 1;
    span.name = name;
    span.kind = SpanKind::Internal;
    span.start_unix_nanos = 1'772'357'400'000'125'000;
    span.end_unix_nanos = span.start_unix_nanos + 101'300'000;
    span.attributes = {{attributes::workflow_contact_id, std::string_view("c-1")}};
    if (id == 2) {
      span.status = StatusCode::Error;
      span.status_message = "blocked\nby rate limit";
      span.events.push_back({.time_unix_nanos = span.start_unix_nanos + 12'500'000,
                             .name = "rate_limited",
                             .attributes = {{"limit", std::int64_t{3}}, {"hard", true}}});
      LinkView link;
      link.trace_id.bytes[15] = 0xbb;
      link.span_id.bytes[7] = 9;
      span.links.push_back(link);
    }
    return span;
  }

  static void append(std::string& spans, const SpanView& span) {
    const std::string encoded = otlp::encode_span(span);
    std::string field(otlp::wire::length_field_size(encoded.size()), '\0');
    otlp::wire::write_length_field(field.data(), otlp::wire::scope_spans_spans, encoded);
    spans += field;
  }

  std::string resource_;
  std::string scope_;
  std::string bot_spans_;
  std::string other_spans_;
  std::vector<ExportRegion> regions_;
};

}  // namespace segue::test
