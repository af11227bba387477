// Webhooks per second of the real service with tracing on over off, the same binary, in turns.
#include <benchmark/benchmark.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <curl/curl.h>

#include "loopback_sink.h"
#include "program.h"
#include "temp_folder.h"

namespace segue::bench {
namespace {

using test::Program;

std::string address_of(Program& program) {
  return "http://" + program.wait_for_line("listening on ").value_or("did not start");
}

// Jorge with its CRM, and one open connection to its webhook. The CRM itself is never traced: it stands for somebody
// else's.
class Service {
 public:
  Service(const std::filesystem::path& database, const std::vector<std::string>& environment)
      : crm_({STAND_IN_PROGRAM, "--port", "0"}, {"OTEL_ENABLED=false"}),
        jorge_({JORGE_PROGRAM, "--port", "0", "--database", database.string(), "--ghl-url", address_of(crm_)},
               environment),
        url_(address_of(jorge_) + "/api/v1/webhooks/ghl"),
        handle_(curl_easy_init(), &curl_easy_cleanup) {
    curl_easy_setopt(handle_.get(), CURLOPT_URL, url_.c_str());
    curl_easy_setopt(
        handle_.get(), CURLOPT_WRITEFUNCTION, +[](char*, size_t size, size_t count, void*) { return size * count; });
  }

  bool hear(const std::string& contact) {
    const std::string body =
        R"({"type":"InboundMessage","contactId":")" + contact +
        R"(","message":{"type":"SMS","direction":"inbound","body":"I want to buy a house this summer. )"
        R"(We are pre-approved and our budget is around $650k."}})";
    curl_easy_setopt(handle_.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    long status = 0;
    return curl_easy_perform(handle_.get()) == CURLE_OK &&
           curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200;
  }

  double cpu_seconds() const {
    clockid_t clock;
    timespec time = {};
    if (clock_getcpuclockid(jorge_.pid(), &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }

 private:
  Program crm_;
  Program jorge_;
  std::string url_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

// Few, because both turns of a round should meet the same machine: its neighbours come and go within a second.
constexpr int per_round = 10;

struct Cost {
  double wall = 0;
  double cpu = 0;
};

Cost run_round(Service& service, const std::string& prefix) {
  const double cpu = service.cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < per_round; ++i) {
    if (!service.hear(prefix + std::to_string(i))) std::abort();
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), service.cpu_seconds() - cpu};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// Of a median, from how far apart the middle half of the values lies.
double standard_error(std::vector<double> values) {
  std::ranges::sort(values);
  const double quartiles_apart = values[values.size() * 3 / 4] - values[values.size() / 4];
  return 1.2533 * quartiles_apart / 1.349 / std::sqrt(static_cast<double>(values.size()));
}

// One value for each round.
struct Rounds {
  std::vector<double> throughput;  // one over the other
  std::vector<double> cpu;         // likewise
  std::vector<double> other_wall;  // seconds
};

void run_rounds(int count, Service& one, Service& other, Rounds& rounds) {
  for (int i = 0; i < 10; ++i) {
    run_round(other, "warm" + std::to_string(i) + "-");
    run_round(one, "warm" + std::to_string(i) + "-");
  }
  for (int round = 0; round < count; ++round) {
    const std::string prefix = "round" + std::to_string(round) + "-";
    const bool one_first = round % 2 == 0;
    const Cost first = run_round(one_first ? one : other, prefix);
    const Cost second = run_round(one_first ? other : one, prefix);
    const Cost& cost = one_first ? first : second;
    const Cost& other_cost = one_first ? second : first;
    rounds.throughput.push_back(other_cost.wall / cost.wall);
    rounds.cpu.push_back(cost.cpu / other_cost.cpu);
    rounds.other_wall.push_back(other_cost.wall);
  }
}

using Environment = std::vector<std::string>;

// Two new processes, as one process may be slower than the next for as long as it lives; which is started first
// alternates, too.
void launch(int number, int count, const Environment& environment, const Environment& other_environment,
            Rounds& rounds) {
  const test::TempFolder folder;
  const bool one_first = number % 2 == 0;
  Service first(folder.path() / "first.db", one_first ? environment : other_environment);
  Service second(folder.path() / "second.db", one_first ? other_environment : environment);
  run_rounds(count, one_first ? first : second, one_first ? second : first, rounds);
}

const Environment tracing_off = {"OTEL_ENABLED=false"};
std::string sink_url;

void compare(benchmark::State& state, const Environment& environment) {
  constexpr int per_launch = 300;
  Rounds rounds;
  int launches = 0;
  for (auto _ : state) launch(launches++, per_launch, environment, tracing_off, rounds);
  state.counters["throughput_%"] = 100 * median(rounds.throughput);
  state.counters["throughput_+-"] = 100 * standard_error(rounds.throughput);
  state.counters["cpu_%"] = 100 * median(rounds.cpu);
  state.counters["cpu_+-"] = 100 * standard_error(rounds.cpu);
  state.counters["webhooks/s_off"] = per_round / median(rounds.other_wall);
}

void eight_launches(benchmark::internal::Benchmark* benchmark) {
  benchmark->Iterations(8)->UseRealTime()->Unit(benchmark::kMillisecond);
}

// What this benchmark finds between two that are alike: so far it can be trusted.
void off_against_off(benchmark::State& state) { compare(state, tracing_off); }
BENCHMARK(off_against_off)->Name("webhooks, floor: tracing off against off")->Apply(eight_launches);

void on_against_off(benchmark::State& state) {
  compare(state, {"OTEL_ENABLED=true", "OTEL_EXPORTER_OTLP_ENDPOINT=" + sink_url});
}
BENCHMARK(on_against_off)->Name("webhooks, tracing on against off")->Apply(eight_launches);

}  // namespace
}  // namespace segue::bench

int main(int argc, char** argv) {
  const segue::bench::LoopbackSink sink;  // before any thread: it forks
  segue::bench::sink_url = sink.url();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
