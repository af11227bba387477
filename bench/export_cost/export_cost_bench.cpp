// What it costs to bring a span out of the process, by protocol; how much gets out at full speed; what stays in memory.
#include <benchmark/benchmark.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "grpc_sink.h"
#include "loopback_sink.h"
#include "segue/export/otlp_http_exporter.h"
#include "segue/segue.h"

namespace segue::bench {
namespace {

std::string http_url;
std::string grpc_url;

// Tracing for one benchmark; says how many spans were dropped.
class Session {
 public:
  Session(benchmark::State& state, ObservabilityOptions options) : state_(state) {
    options.service_name = "bench";
    options.enabled = true;
    const auto ready = setup_observability(std::move(options));
    if (!ready || !*ready) state.SkipWithError("tracing could not be set up");
  }
  ~Session() {
    (void)shutdown_observability(std::chrono::seconds(30));
    const TraceStats stats = observability_stats();
    const auto started = static_cast<double>(stats.started);
    if (started > 0) state_.counters["dropped_%"] = 100.0 * static_cast<double>(stats.dropped_total()) / started;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  benchmark::State& state_;
};

ObservabilityOptions over(const std::string& url, const char* protocol) {
  ObservabilityOptions options;
  options.endpoint = url;
  options.protocol = protocol;
  return options;
}

void record_span() {
  ScopedSpan span = default_tracer().start_scoped_span("lead_bot.analyze_intent");
  span.set("workflow.bot_type", "lead_bot_standard")
      .set("workflow.contact_id", "contact-01234567")
      .set("workflow.turns", 4)
      .set("workflow.score", 0.8725)
      .set("workflow.success", true);
}

// CPU of all threads, in bursts that fit the queue, each delivered before the next.
void export_bursts(benchmark::State& state, ObservabilityOptions options) {
  constexpr int burst = 20'000;
  const Session session(state, std::move(options));
  for (auto _ : state) {
    for (int i = 0; i < burst; ++i) record_span();
    (void)flush_observability(std::chrono::seconds(30));
  }
  const double spans = static_cast<double>(state.iterations()) * burst;
  state.counters["cpu_per_span"] = benchmark::Counter(spans, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void over_http(benchmark::State& state) { export_bursts(state, over(http_url, "http/protobuf")); }
void over_http_json(benchmark::State& state) { export_bursts(state, over(http_url, "http/json")); }
void over_grpc(benchmark::State& state) { export_bursts(state, over(grpc_url, "grpc")); }
void over_http_gzip(benchmark::State& state) {
  ObservabilityOptions options;
  auto exporter = OtlpHttpExporter::create({.endpoint = http_url + "/v1/traces", .compression = OtlpCompression::Gzip});
  if (!exporter) return state.SkipWithError(exporter.error().message.c_str());
  options.exporter = *std::move(exporter);
  export_bursts(state, std::move(options));
}

BENCHMARK(over_http)->Name("export/OTLP HTTP")->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(over_http_gzip)->Name("export/OTLP HTTP, gzip")->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(over_http_json)->Name("export/OTLP HTTP, JSON")->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(over_grpc)->Name("export/OTLP gRPC")->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

// Full speed from several threads; the time ends when the last span is delivered or dropped.
void full_speed(benchmark::State& state) {
  constexpr int spans = 1'000'000;
  const auto thread_count = static_cast<int>(state.range(0));
  const Session session(state, over(http_url, "http/protobuf"));
  for (auto _ : state) {
    std::vector<std::thread> threads;
    for (int i = 0; i < thread_count; ++i) {
      threads.emplace_back([thread_count] {
        for (int n = 0; n < spans / thread_count; ++n) record_span();
      });
    }
    for (auto& thread : threads) thread.join();
    (void)flush_observability(std::chrono::seconds(30));
  }
  const TraceStats stats = observability_stats();
  state.counters["started/s"] = benchmark::Counter(static_cast<double>(stats.started), benchmark::Counter::kIsRate);
  state.counters["delivered/s"] = benchmark::Counter(static_cast<double>(stats.exported), benchmark::Counter::kIsRate);
}
BENCHMARK(full_speed)
    ->Name("full speed, OTLP HTTP/threads")
    ->RangeMultiplier(2)
    ->Range(1, 8)
    ->Iterations(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

double resident_kib() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * 4;
}

// A million spans, exported: how much larger the process is afterwards than after the first thousand.
void memory(benchmark::State& state) {
  const Session session(state, over(http_url, "http/protobuf"));
  for (int i = 0; i < 1000; ++i) record_span();
  (void)flush_observability(std::chrono::seconds(30));
  const double before = resident_kib();
  for (auto _ : state) {
    for (int burst = 0; burst < 50; ++burst) {
      for (int i = 0; i < 20'000; ++i) record_span();
      (void)flush_observability(std::chrono::seconds(30));
    }
  }
  state.counters["grown_KiB"] = resident_kib() - before;
}
BENCHMARK(memory)->Name("memory/a million spans exported")->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace segue::bench

int main(int argc, char** argv) {
  const segue::bench::LoopbackSink http;  // before any thread: both fork
  const segue::bench::GrpcSink grpc;
  segue::bench::http_url = http.url();
  segue::bench::grpc_url = grpc.url();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
