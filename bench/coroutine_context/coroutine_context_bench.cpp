// The price of carrying the current span across co_await: the same loop with and without the executor that does it.
#include <benchmark/benchmark.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "segue/asio/context_executor.h"
#include "segue/segue.h"

namespace segue::bench {
namespace {

namespace asio = boost::asio;

constexpr int hops = 1000;

asio::awaitable<void> hop(bool with_span) {
  ScopedSpan span = with_span ? default_tracer().start_scoped_span("hopping") : ScopedSpan();
  for (int i = 0; i < hops; ++i) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

class NullExporter final : public Exporter {
 public:
  ExportResult export_spans(const ExportBatch&) noexcept override { return {}; }
  std::string_view name() const noexcept override { return "null"; }
};

void run(benchmark::State& state, bool carries_context, bool with_span) {
  (void)setup_observability({.enabled = true, .exporter = std::make_unique<NullExporter>()});
  asio::io_context context(1);
  for (auto _ : state) {
    if (carries_context) {
      asio::co_spawn(with_current_context(context.get_executor()), hop(with_span), asio::detached);
    } else {
      asio::co_spawn(context, hop(with_span), asio::detached);
    }
    context.restart();
    context.run();
  }
  state.counters["per_await"] = benchmark::Counter(static_cast<double>(state.iterations()) * hops,
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  (void)shutdown_observability();
}

void plain(benchmark::State& state) { run(state, false, false); }
void carried(benchmark::State& state) { run(state, true, false); }
void carried_with_span(benchmark::State& state) { run(state, true, true); }
BENCHMARK(plain)->Name("co_await/floor: Asio's own executor");
BENCHMARK(carried)->Name("co_await/context carried, no span");
BENCHMARK(carried_with_span)->Name("co_await/context carried, current span");

}  // namespace
}  // namespace segue::bench

BENCHMARK_MAIN();
