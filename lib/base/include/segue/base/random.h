// Random ids: a generator per thread, seeded by the kernel, never the same in a forked child.
//
// xoshiro256++ (Blackman, Vigna): a few nanoseconds, no lock. Not for secrets.
// Thread safety: each thread has its own state. Errors: none; if the kernel gives no entropy at
// first use the process aborts, since ids that repeat would merge strangers' journeys.
#pragma once

#include <cstdint>

namespace segue {
namespace detail {

struct RandomState {
  std::uint64_t words[4];
  std::uint64_t fork_generation;
};

extern constinit thread_local RandomState random_state;
extern constinit std::uint64_t random_fork_generation;  // changed in the child of a fork, before it runs on

/// Seeds the calling thread's generator from the kernel.
void seed_random(RandomState& state) noexcept;

}  // namespace detail

/// 64 uniformly distributed bits.
inline std::uint64_t random_bits() noexcept {
  detail::RandomState& state = detail::random_state;
  if (state.fork_generation != detail::random_fork_generation) [[unlikely]] detail::seed_random(state);
  const auto rotate = [](std::uint64_t value, int by) { return value << by | value >> (64 - by); };
  std::uint64_t* s = state.words;
  const std::uint64_t result = rotate(s[0] + s[3], 23) + s[0];
  const std::uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

}  // namespace segue
