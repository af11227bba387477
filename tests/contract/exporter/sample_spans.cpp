#include "sample_spans.h"

#include <cstring>

#include "segue/model/attributes.h"

namespace segue::contract {
namespace {

constexpr std::uint64_t start_nanos = 1'772'357'400'000'125'000;

}  // namespace

SampleSpans::SampleSpans() : array_("\x0a\x02\x18\x07\x0a\x05\x0a\x03two") {  // [7, "two"]
  resource_.attributes = {{attributes::service_name, std::string_view("bots")}};
  bots_.name = "acme.bots";
  bots_.version = "1.4.0";
  bots_.schema_url = "https://opentelemetry.io/schemas/1.44.0";
  client_.name = "acme.http";
  client_.version = "0.2";
  client_.schema_url = "https://opentelemetry.io/schemas/1.30.0";
  spans_ = {rich_span(), failed_span(), foreign_span()};
}

SpanView SampleSpans::numbered(std::uint64_t number) const {
  SpanView span;
  std::memcpy(span.trace_id.bytes.data(), &number, sizeof number);
  span.trace_id.bytes[15] = 0xaa;
  std::memcpy(span.span_id.bytes.data(), &number, sizeof number);
  span.span_id.bytes[7] = 0x55;
  span.name = "lead_bot.analyze_intent";
  span.kind = SpanKind::Internal;
  span.start_unix_nanos = start_nanos + number * 1'000'000;
  span.end_unix_nanos = span.start_unix_nanos + 101'300'000;
  span.attributes = {{attributes::workflow_contact_id, std::string_view("c-1")}};
  span.resource = &resource_;
  span.scope = &bots_;
  return span;
}

SpanView SampleSpans::rich_span() const {
  SpanView span = numbered(1);
  span.name =
      "n\xc3\xb6"
      "de \xe2\x9c\x93 \xf0\x9f\x98\x80 \"quoted\" \\ / <b> \x01\x1f\x7f tab\tline\nend";
  span.kind = SpanKind::Server;
  span.status = StatusCode::Ok;
  span.attributes = {{attributes::workflow_contact_id, std::string_view("c-1")},
                     {"text", std::string_view("\xd0\xbf\xd1\x80\xd0\xb8 \"\\\x02\r\n\t")},
                     {"empty", std::string_view()},
                     {"yes", true},
                     {"no", false},
                     {"count", std::int64_t{-9'007'199'254'740'993}},
                     {"share", 0.1},
                     {"bytes", BytesView{std::string_view("\x00\xff\x10", 3)}},
                     {"list", ArrayView{array_}}};
  return span;
}

SpanView SampleSpans::failed_span() const {
  SpanView span = numbered(2);
  span.parent_span_id = numbered(1).span_id;
  span.name = "handoff.lead_to_buyer";
  span.status = StatusCode::Error;
  span.status_message = "blocked by rate limit";
  span.events = {{.time_unix_nanos = span.start_unix_nanos + 1'500'000, .name = "asked", .attributes = {}},
                 {.time_unix_nanos = span.start_unix_nanos + 12'500'000,
                  .name = "rate limited",
                  .attributes = {{"limit", std::int64_t{3}}, {"why", std::string_view("too \"many\"")}}}};
  LinkView link;
  link.trace_id.bytes[0] = 0xbb;
  link.span_id.bytes[0] = 9;
  span.links = {link, link};
  span.links[1].span_id.bytes[0] = 10;
  return span;
}

SpanView SampleSpans::foreign_span() const {
  SpanView span = numbered(3);
  span.parent_span_id = numbered(2).span_id;
  span.name = "";  // allowed, and easily lost
  span.kind = SpanKind::Client;
  span.scope = &client_;
  span.attributes = {{attributes::server_address, std::string_view("crm.example")}};
  return span;
}

}  // namespace segue::contract
