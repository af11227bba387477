// append_forever FOLDER FIRST: appends one trace after the other until it is killed, and tells which were acknowledged.
//
// The helper of the crash test: it writes each trace's number as eight bytes to standard output when the store has
// acknowledged it. Traces are numbered from FIRST. Exits with 1, and says why, only if the store fails.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "segue/server/store/rocks_store.h"
#include "span_maker.h"

namespace segue::server::contract {
namespace {

constexpr int writers = 4;  // so that a commit holds several appends

void append_traces(Store& store, std::atomic<std::uint64_t>& next) {
  while (true) {
    const std::uint64_t number = next++;
    SpanMaker maker;
    maker.node(number, 1, "lead_bot", "greet", "contact_" + std::to_string(number % 7), 1'000'000 * number);
    maker.span(number, 2, "POST /webhook", 1'000'000 * number);
    if (const auto receipt = store.append(maker.list()); !receipt) {
      std::fprintf(stderr, "append: %s\n", receipt.error().message.c_str());
      std::_Exit(1);
    }
    if (::write(STDOUT_FILENO, &number, sizeof number) != sizeof number) std::_Exit(1);
  }
}

int run(const char* folder, std::uint64_t first) {
  const auto store = open_rocks_store({.directory = folder});
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  std::atomic<std::uint64_t> next{first};
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i) threads.emplace_back([&] { append_traces(**store, next); });
  for (std::thread& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace segue::server::contract

int main(int argument_count, char** arguments) {
  if (argument_count != 3) return 2;
  return segue::server::contract::run(arguments[1], std::strtoull(arguments[2], nullptr, 10));
}
