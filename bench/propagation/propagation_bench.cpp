// What it costs to write a context into a carrier and to read it there; beside the floor, measured in the same run.
#include <benchmark/benchmark.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "segue/propagation/propagator.h"

namespace segue::bench {
namespace {

using Fields = std::map<std::string, std::string>;

enum class Load { TraceparentAlone, WithTracestateAndBaggage, B3, B3Multi };

Propagator propagator_for(Load load) {
  if (load == Load::B3) return *Propagator::from_names("b3");
  if (load == Load::B3Multi) return *Propagator::from_names("b3multi");
  return Propagator();
}

Fields fields_of(Load load) {
  Fields fields = {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}};
  if (load == Load::WithTracestateAndBaggage) {
    fields["tracestate"] = "ot=th:8,rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";
    fields["baggage"] = "campaign=spring%20sale,bot=lead_bot,market=rancho_cucamonga";
  }
  if (load == Load::TraceparentAlone || load == Load::WithTracestateAndBaggage) return fields;
  const Context context = Propagator().extract(MapReader(fields));
  fields.clear();
  propagator_for(load).inject(context, MapWriter(fields));
  return fields;
}

Context context_of(Load load) {
  const Fields fields = fields_of(load);
  return propagator_for(load).extract(MapReader(fields));
}

// Functions as a carrier: a line of text for each field, copied, found by the first characters that differ.
struct Lines {
  std::vector<std::pair<std::string, std::string>> lines;

  explicit Lines(const Fields& fields) : lines(fields.begin(), fields.end()) {}
  std::optional<std::string_view> find(std::string_view key) const {
    for (const auto& [name, value] : lines) {
      if (name == key) return std::string_view(value);
    }
    return std::nullopt;
  }
};

struct Paper {
  char text[4096];
  std::size_t size = 0;

  void write(std::string_view value) {
    std::memcpy(text + size, value.data(), value.size());
    size += value.size();
  }
};

void floor_inject_function(benchmark::State& state, Load load) {
  const Lines source(fields_of(load));
  Paper paper;
  auto writer = StoreWriter([&](std::string_view, std::string_view value) { paper.write(value); });
  CarrierWriter& carrier = writer;
  for (auto _ : state) {
    paper.size = 0;
    for (const auto& [name, value] : source.lines) carrier.set(name, value);
    benchmark::ClobberMemory();
  }
}

void inject_function(benchmark::State& state, Load load) {
  const Propagator propagator = propagator_for(load);
  const Context context = context_of(load);
  Paper paper;
  auto writer = StoreWriter([&](std::string_view, std::string_view value) { paper.write(value); });
  for (auto _ : state) {
    paper.size = 0;
    propagator.inject(context, writer);
    benchmark::ClobberMemory();
  }
}

void floor_inject_map(benchmark::State& state, Load load) {
  const Lines source(fields_of(load));
  Fields target = fields_of(load);
  for (auto _ : state) {
    for (const auto& [name, value] : source.lines) target.find(name)->second.assign(value);
    benchmark::ClobberMemory();
  }
}

void inject_map(benchmark::State& state, Load load) {
  const Propagator propagator = propagator_for(load);
  const Context context = context_of(load);
  Fields target = fields_of(load);
  for (auto _ : state) {
    propagator.inject(context, MapWriter(target));
    benchmark::ClobberMemory();
  }
}

// Looks up what the format asks for, whether it is there or not, and reads every character of it.
template <class Reader>
void floor_extract(benchmark::State& state, Load load, const Reader& reader) {
  const std::vector<std::string_view> asked = propagator_for(load).fields();
  const CarrierReader& carrier = reader;
  Paper paper;
  for (auto _ : state) {
    paper.size = 0;
    for (const std::string_view key : asked) {
      if (const auto value = carrier.get(key)) paper.write(*value);
    }
    benchmark::ClobberMemory();
  }
}

template <class Reader>
void extract(benchmark::State& state, Load load, const Reader& reader) {
  const Propagator propagator = propagator_for(load);
  if (!propagator.extract(reader).span.is_valid()) state.SkipWithError("the context cannot be read");
  for (auto _ : state) benchmark::DoNotOptimize(propagator.extract(reader));
}

void with_function(benchmark::State& state, Load load, bool is_floor) {
  const Lines source(fields_of(load));
  const auto reader = LookupReader([&](std::string_view key) { return source.find(key); });
  is_floor ? floor_extract(state, load, reader) : extract(state, load, reader);
}

void with_map(benchmark::State& state, Load load, bool is_floor) {
  const Fields source = fields_of(load);
  const MapReader reader(source);
  is_floor ? floor_extract(state, load, reader) : extract(state, load, reader);
}

void register_rows(const std::string& name, Load load) {
  const auto add = [&](const std::string& row, auto function) { benchmark::RegisterBenchmark(row.c_str(), function); };
  add("floor/inject, functions, " + name, [load](benchmark::State& state) { floor_inject_function(state, load); });
  add("inject, functions, " + name, [load](benchmark::State& state) { inject_function(state, load); });
  add("floor/inject, map, " + name, [load](benchmark::State& state) { floor_inject_map(state, load); });
  add("inject, map, " + name, [load](benchmark::State& state) { inject_map(state, load); });
  add("floor/extract, functions, " + name, [load](benchmark::State& state) { with_function(state, load, true); });
  add("extract, functions, " + name, [load](benchmark::State& state) { with_function(state, load, false); });
  add("floor/extract, map, " + name, [load](benchmark::State& state) { with_map(state, load, true); });
  add("extract, map, " + name, [load](benchmark::State& state) { with_map(state, load, false); });
}

}  // namespace
}  // namespace segue::bench

int main(int argc, char** argv) {
  using segue::bench::Load;
  segue::bench::register_rows("traceparent", Load::TraceparentAlone);
  segue::bench::register_rows("traceparent, tracestate, baggage", Load::WithTracestateAndBaggage);
  segue::bench::register_rows("b3", Load::B3);
  segue::bench::register_rows("b3multi", Load::B3Multi);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
