// Random ids: a generator per thread, seeded by the kernel, never the same in a forked child.
//
// xoshiro256++ (Blackman, Vigna): a few nanoseconds, no lock. Not for secrets.
// Thread safety: each thread has its own state. Errors: none; if the kernel gives no entropy at
// first use the process aborts, since ids that repeat would merge strangers' journeys.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace segue {
namespace detail {

struct RandomState {
  std::uint64_t words[4];
  std::uint64_t fork_generation;
};

// Initial-exec: else position-independent code reaches it by a call, for which every register has to be saved.
extern constinit thread_local RandomState random_state [[gnu::tls_model("initial-exec")]];
extern constinit std::uint64_t random_fork_generation;  // changed in the child of a fork, before it runs on

/// Seeds the calling thread's generator from the kernel.
void seed_random(RandomState& state) noexcept;

/// False in a thread's first use, and in the first after a fork.
inline bool is_seeded(const RandomState& state) noexcept { return state.fork_generation == random_fork_generation; }

/// From a seeded state. Drawing several at once keeps the state in registers.
template <std::size_t count>
std::array<std::uint64_t, count> next_words(RandomState& state) noexcept {
  const auto rotate = [](std::uint64_t value, int by) { return value << by | value >> (64 - by); };
  auto [s0, s1, s2, s3] = state.words;
  std::array<std::uint64_t, count> words;
  for (std::uint64_t& word : words) {
    word = rotate(s0 + s3, 23) + s0;
    const std::uint64_t shifted = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotate(s3, 45);
  }
  state.words[0] = s0;
  state.words[1] = s1;
  state.words[2] = s2;
  state.words[3] = s3;
  return words;
}

}  // namespace detail

/// `count` times 64 uniformly distributed bits.
template <std::size_t count>
std::array<std::uint64_t, count> random_words() noexcept {
  detail::RandomState& state = detail::random_state;
  if (!detail::is_seeded(state)) [[unlikely]]
    detail::seed_random(state);
  return detail::next_words<count>(state);
}

/// 64 uniformly distributed bits.
inline std::uint64_t random_bits() noexcept { return random_words<1>()[0]; }

}  // namespace segue
