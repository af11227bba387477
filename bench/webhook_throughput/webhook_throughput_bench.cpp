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
  std::vector<double> throughput;  // on over off
  std::vector<double> cpu;         // likewise
  std::vector<double> off_wall;    // seconds
};

std::string sink_url;

// Two new processes, as one process may be slower than the next for as long as it lives.
void run_rounds(int count, Rounds& rounds) {
  const test::TempFolder folder;
  Service off(folder.path() / "off.db", {"OTEL_ENABLED=false"});
  Service on(folder.path() / "on.db", {"OTEL_ENABLED=true", "OTEL_EXPORTER_OTLP_ENDPOINT=" + sink_url});
  for (int i = 0; i < 10; ++i) {
    run_round(off, "warm" + std::to_string(i) + "-");
    run_round(on, "warm" + std::to_string(i) + "-");
  }
  for (int round = 0; round < count; ++round) {
    const std::string prefix = "round" + std::to_string(round) + "-";
    const bool on_first = round % 2 == 0;
    const Cost first = run_round(on_first ? on : off, prefix);
    const Cost second = run_round(on_first ? off : on, prefix);
    const Cost& with = on_first ? first : second;
    const Cost& without = on_first ? second : first;
    rounds.throughput.push_back(without.wall / with.wall);
    rounds.cpu.push_back(with.cpu / without.cpu);
    rounds.off_wall.push_back(without.wall);
  }
}

void webhooks(benchmark::State& state) {
  constexpr int per_launch = 300;
  Rounds rounds;
  for (auto _ : state) run_rounds(per_launch, rounds);
  state.counters["throughput_on/off_%"] = 100 * median(rounds.throughput);
  state.counters["throughput_+-"] = 100 * standard_error(rounds.throughput);
  state.counters["cpu_on/off_%"] = 100 * median(rounds.cpu);
  state.counters["cpu_+-"] = 100 * standard_error(rounds.cpu);
  state.counters["webhooks/s_off"] = per_round / median(rounds.off_wall);
}
BENCHMARK(webhooks)
    ->Name("webhooks, tracing on against off")
    ->Iterations(8)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

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
