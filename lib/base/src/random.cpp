#include "segue/base/random.h"

#include <pthread.h>
#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

namespace segue::detail {

// Zero in a new thread: its first use differs from the generation, which starts at one, and seeds.
constinit thread_local RandomState random_state = {};
constinit std::uint64_t random_fork_generation = 1;

namespace {

const int fork_hook = pthread_atfork(nullptr, nullptr, [] { ++random_fork_generation; });

}  // namespace

void seed_random(RandomState& state) noexcept {
  (void)fork_hook;
  unsigned char* out = reinterpret_cast<unsigned char*>(state.words);
  std::size_t wanted = sizeof state.words;
  while (wanted > 0) {
    const ssize_t got = getrandom(out, wanted, 0);
    if (got < 0 && errno != EINTR) std::abort();
    if (got <= 0) continue;
    out += got;
    wanted -= static_cast<std::size_t>(got);
  }
  state.fork_generation = random_fork_generation;
}

}  // namespace segue::detail
