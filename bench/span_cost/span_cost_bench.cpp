// What a span costs the thread that records it, and the whole process; beside the floor, measured in the same run.
//
// "5 attributes": two strings of about 16 characters, an int, a double and a bool. The floor is what no design can avoid:
// two clock reads, the ids, and 256 bytes copied. "20 attributes": strings of 16 characters under 20 keys.
#include <benchmark/benchmark.h>

#include <cstring>

#include "loopback_sink.h"
#include "segue/base/clock.h"
#include "segue/base/random.h"
#include "segue/segue.h"
#include "segue/trace/probability_sampler.h"

namespace segue::bench {
namespace {

void floor_loop(benchmark::State& state) {
  for (auto _ : state) benchmark::ClobberMemory();
}
BENCHMARK(floor_loop)->Name("floor/an empty loop");

void floor_clock_read(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(now_ticks());
}
BENCHMARK(floor_clock_read)->Name("floor/one clock read");

void floor_span(benchmark::State& state) {
  static char source[256];
  static char target[1 << 16];
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(now_ticks());
    for (int word = 0; word < 3; ++word) benchmark::DoNotOptimize(random_bits());
    std::memcpy(target + at, source, sizeof source);
    at = (at + sizeof source) & (sizeof target - 1);
    benchmark::DoNotOptimize(now_ticks());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(floor_span)->Name("floor/two clock reads, ids, 256 bytes copied");

class NullExporter final : public Exporter {
 public:
  ExportResult export_spans(const ExportBatch&) noexcept override { return {}; }
  std::string_view name() const noexcept override { return "null"; }
};

enum class Sink { Null, OtlpHttp };

// Tracing for one benchmark; reports what was lost, since a span dropped early would look cheap.
class Session {
 public:
  Session(benchmark::State& state, SamplerPointer sampler, Sink sink) : state_(state) {
    ObservabilityOptions options{.service_name = "bench", .enabled = true, .sampler = std::move(sampler)};
    if (sink == Sink::Null) {
      options.exporter = std::make_unique<NullExporter>();
    } else {
      options.endpoint = sink_url;
    }
    const auto ready = setup_observability(std::move(options));
    if (!ready || !*ready) state.SkipWithError("tracing could not be set up");
  }
  ~Session() {
    (void)shutdown_observability(std::chrono::seconds(30));
    const TraceStats stats = observability_stats();
    if (stats.started > 0) {
      state_.counters["dropped_%"] =
          100.0 * static_cast<double>(stats.dropped_total()) / static_cast<double>(stats.started);
    }
  }

  inline static std::string sink_url;

 private:
  benchmark::State& state_;
};

void record_span() { const ScopedSpan span = default_tracer().start_scoped_span("lead_bot.analyze_intent"); }

void set_5_attributes(Span& span) {
  span.set("workflow.bot_type", "lead_bot_standard")
      .set("workflow.contact_id", "contact-01234567")
      .set("workflow.turns", 4)
      .set("workflow.score", 0.8725)
      .set("workflow.success", true);
}

void record_span_with_5_attributes() {
  ScopedSpan span = default_tracer().start_scoped_span("lead_bot.analyze_intent");
  set_5_attributes(span);
}

void record_span_with_20_attributes() {
  static constexpr std::string_view keys[] = {
      "workflow.name",  "workflow.bot_type",     "workflow.node_name", "workflow.contact_id",
      "workflow.step",  "lead.source",           "lead.stage",         "lead.budget",
      "lead.timeline",  "lead.location",         "intent.name",        "intent.confidence",
      "intent.model",   "intent.prompt_version", "reply.channel",      "reply.language",
      "reply.template", "crm.pipeline",          "crm.stage",          "crm.owner"};
  ScopedSpan span = default_tracer().start_scoped_span("lead_bot.analyze_intent");
  for (const std::string_view key : keys) span.set(key, "a value of 16 ch");
}

void disabled(benchmark::State& state) {
  for (auto _ : state) record_span();
}
BENCHMARK(disabled)->Name("span/disabled at run time");

void disabled_5(benchmark::State& state) {
  for (auto _ : state) record_span_with_5_attributes();
}
BENCHMARK(disabled_5)->Name("span/disabled at run time, 5 attributes");

void unsampled(benchmark::State& state) {
  const Session session(state, always_off(), Sink::Null);
  for (auto _ : state) record_span();
}
BENCHMARK(unsampled)->Name("span/unsampled, with scope");

void unsampled_5(benchmark::State& state) {
  const Session session(state, always_off(), Sink::Null);
  for (auto _ : state) record_span_with_5_attributes();
}
BENCHMARK(unsampled_5)->Name("span/unsampled, with scope, 5 attributes");

void unsampled_child(benchmark::State& state) {
  const Session session(state, parent_based(always_off()), Sink::Null);
  const ScopedSpan parent = default_tracer().start_scoped_span("parent");
  for (auto _ : state) record_span();
}
BENCHMARK(unsampled_child)->Name("span/unsampled, with scope, child of a span");

void by_probability(benchmark::State& state) {
  const Session session(state, parent_based(consistent_probability(0x1p-40)), Sink::Null);
  for (auto _ : state) record_span();
}
BENCHMARK(by_probability)->Name("span/unsampled by consistent probability, with scope");

void recorded_only(benchmark::State& state) {
  const Session session(state, always_record(always_off()), Sink::Null);
  for (auto _ : state) record_span_with_5_attributes();
}
BENCHMARK(recorded_only)->Name("span/recorded only (always_record), with scope, 5 attributes");

void sampled(benchmark::State& state) {
  const Session session(state, always_on(), Sink::Null);
  for (auto _ : state) record_span();
}
BENCHMARK(sampled)->Name("span/sampled, with scope, 0 attributes");

void sampled_without_scope(benchmark::State& state) {
  const Session session(state, always_on(), Sink::Null);
  for (auto _ : state) {
    Span span = default_tracer().start_span("lead_bot.analyze_intent");
    set_5_attributes(span);
  }
}
BENCHMARK(sampled_without_scope)->Name("span/sampled, without scope, 5 attributes");

void sampled_5(benchmark::State& state) {
  const Session session(state, always_on(), Sink::Null);
  for (auto _ : state) record_span_with_5_attributes();
}
BENCHMARK(sampled_5)->Name("span/sampled, with scope, 5 attributes");

void sampled_child_5(benchmark::State& state) {
  const Session session(state, parent_based(always_on()), Sink::Null);
  const ScopedSpan parent = default_tracer().start_scoped_span("parent");
  for (auto _ : state) record_span_with_5_attributes();
}
BENCHMARK(sampled_child_5)->Name("span/sampled, with scope, 5 attributes, child of a span");

void sampled_20(benchmark::State& state) {
  const Session session(state, always_on(), Sink::Null);
  for (auto _ : state) record_span_with_20_attributes();
}
BENCHMARK(sampled_20)->Name("span/sampled, with scope, 20 attributes");

void exported_0(benchmark::State& state) {
  const Session session(state, always_on(), Sink::OtlpHttp);
  for (auto _ : state) record_span();
}
BENCHMARK(exported_0)->Name("span/exported over OTLP HTTP, 0 attributes, calling thread");

void exported_5(benchmark::State& state) {
  const Session session(state, always_on(), Sink::OtlpHttp);
  for (auto _ : state) record_span_with_5_attributes();
}
BENCHMARK(exported_5)->Name("span/exported over OTLP HTTP, 5 attributes, calling thread");

// All threads, up to the last span delivered: in bursts that fit the queue, so that every span is paid for.
void exported_5_process(benchmark::State& state) {
  constexpr int burst = 20'000;
  const Session session(state, always_on(), Sink::OtlpHttp);
  for (auto _ : state) {
    for (int i = 0; i < burst; ++i) record_span_with_5_attributes();
    (void)flush_observability(std::chrono::seconds(30));
  }
  state.SetItemsProcessed(state.iterations() * burst);
  state.counters["cpu_per_span"] = benchmark::Counter(static_cast<double>(state.iterations()) * burst,
                                                      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(exported_5_process)
    ->Name("span/exported over OTLP HTTP, 5 attributes, whole process")
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

void inject(benchmark::State& state) {
  const Session session(state, always_on(), Sink::Null);
  const ScopedSpan span = default_tracer().start_scoped_span("lead_bot.analyze_intent");
  std::size_t written = 0;
  auto writer = StoreWriter([&written](std::string_view, std::string_view value) { written += value.size(); });
  for (auto _ : state) inject_current_context(writer);
  benchmark::DoNotOptimize(written);
}
BENCHMARK(inject)->Name("context/inject traceparent");

void extract(benchmark::State& state) {
  constexpr std::string_view header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto reader = LookupReader([&](std::string_view key) -> std::optional<std::string_view> {
    return key == "traceparent" ? std::optional(header) : std::nullopt;
  });
  for (auto _ : state) benchmark::DoNotOptimize(default_propagator().extract(reader));
}
BENCHMARK(extract)->Name("context/extract traceparent");

}  // namespace
}  // namespace segue::bench

int main(int argc, char** argv) {
  const segue::bench::LoopbackSink sink;  // before any thread: it forks
  segue::bench::Session::sink_url = sink.url();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
