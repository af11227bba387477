// What does a span cost in OTLP, decoded and encoded? Per span of ten attributes, in one thread.
//
// The floor is protozero walking the same bytes down to every scalar and keeping nothing: what a decoder
// that produces views adds to it is what our code is responsible for.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <protozero/pbf_reader.hpp>

#include "segue/otlp/decode.h"
#include "segue/otlp/encode.h"
#include "segue/otlp/json.h"

namespace {

namespace otlp = segue::otlp;
using segue::ResourceView, segue::ScopeView, segue::SpanKind, segue::SpanView;

constexpr std::size_t span_count = 512;

// A batch as the bots send it: one resource, one scope, node spans with ten attributes of mixed kinds.
std::string make_request() {
  const ResourceView resource = {.attributes = {{"service.name", std::string_view("jorge")},
                                                {"service.version", std::string_view("1.4.2")},
                                                {"host.name", std::string_view("bots-7c9f")}},
                                 .dropped_attributes = 0,
                                 .schema_url = ""};
  const ScopeView scope = {.name = "segue", .version = "0.1.0", .attributes = {}, .schema_url = ""};
  std::vector<SpanView> spans(span_count);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    SpanView& span = spans[i];
    span.trace_id.bytes[0] = 1;
    span.trace_id.bytes[15] = static_cast<std::uint8_t>(i);
    span.span_id.bytes[0] = static_cast<std::uint8_t>(1 + i % 255);
    span.parent_span_id.bytes[0] = 2;
    span.name = "lead_bot.analyze_intent";
    span.kind = SpanKind::Internal;
    span.start_unix_nanos = 1'700'000'000'000'000'000U + i;
    span.end_unix_nanos = span.start_unix_nanos + 80'000'000U;
    span.attributes = {{"workflow.bot_type", std::string_view("lead_bot")},
                       {"workflow.node_name", std::string_view("analyze_intent")},
                       {"workflow.contact_id", std::string_view("contact-3f2a91")},
                       {"workflow.conversation_id", std::string_view("conversation-77")},
                       {"workflow.current_step", std::string_view("qualify")},
                       {"workflow.temperature", std::string_view("warm")},
                       {"workflow.success", true},
                       {"workflow.duration_ms", 80.25},
                       {"decoder.conversation_length", std::int64_t{12}},
                       {"decoder.buyer_intent", 0.82}};
    span.resource = &resource;
    span.scope = &scope;
  }
  return otlp::encode_request(spans);
}

void report_spans(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(span_count));
}

// Every field that can hold a message, by level: request, resource spans, scope spans, span, key-value, value.
constexpr std::array<std::uint32_t, 5> message_fields = {1, 2, 2, 9, 2};

std::uint64_t walk(protozero::pbf_reader reader, std::size_t level) {
  std::uint64_t sum = 0;
  while (reader.next()) {
    switch (reader.wire_type()) {
      case protozero::pbf_wire_type::varint: sum += reader.get_uint64(); break;
      case protozero::pbf_wire_type::fixed64: sum += reader.get_fixed64(); break;
      case protozero::pbf_wire_type::length_delimited:
        if (level < message_fields.size() && reader.tag() == message_fields[level]) {
          sum += walk(reader.get_message(), level + 1);
        } else {
          sum += reader.get_view().size();
        }
        break;
      default: reader.skip();
    }
  }
  return sum;
}

void floor_raw_walk(benchmark::State& state) {
  const std::string bytes = make_request();
  for (auto _ : state) benchmark::DoNotOptimize(walk(protozero::pbf_reader(bytes), 0));
  report_spans(state);
}

void decode(benchmark::State& state) {
  const std::string bytes = make_request();
  for (auto _ : state) {
    const auto request = otlp::decode_request(bytes);
    if (!request || request->list.spans.size() != span_count) state.SkipWithError("not decoded");
  }
  report_spans(state);
}

void encode(benchmark::State& state) {
  const std::string bytes = make_request();
  const auto request = otlp::decode_request(bytes);
  for (auto _ : state) {
    if (otlp::encode_request(request->list.spans).size() != bytes.size()) state.SkipWithError("not encoded");
  }
  report_spans(state);
}

void json_out(benchmark::State& state) {
  const std::string bytes = make_request();
  for (auto _ : state) {
    if (!otlp::request_to_json(bytes)) state.SkipWithError("not written");
  }
  report_spans(state);
}

void json_in(benchmark::State& state) {
  const std::string json = otlp::request_to_json(make_request()).value();
  for (auto _ : state) {
    if (!otlp::request_from_json(json)) state.SkipWithError("not read");
  }
  report_spans(state);
}

BENCHMARK(floor_raw_walk);
BENCHMARK(decode);
BENCHMARK(encode);
BENCHMARK(json_out);
BENCHMARK(json_in);

}  // namespace

BENCHMARK_MAIN();
