// KeySet: which keys a span surely does not have yet, in 32 bytes (a Bloom filter with one hash). It spares nearly every
// new attribute the comparison with all earlier ones.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include "text.h"

namespace segue::detail {

class KeySet {
 public:
  /// Where a key stands in the set. Keys are not empty.
  static std::uint32_t place_of(std::string_view key) noexcept {
    const std::size_t size = key.size();
    std::uint64_t front;
    std::uint64_t back;
    if (size >= 8) {
      front = load_word(key.data(), 8);
      back = load_word(key.data() + size - 8, 8);
    } else if (size >= 4) {
      front = load_word(key.data(), 4);
      back = load_word(key.data() + size - 4, 4);
    } else {  // 1 to 3: first, middle and last say all
      front = load_word(key.data(), 1) | load_word(key.data() + size / 2, 1) << 8;
      back = load_word(key.data() + size - 1, 1);
    }
    // Keys that differ in the middle alone share a place; comparing them in full tells them apart. With this factor, one
    // of SplitMix64, no two of a span's keys in the semantic conventions do.
    return static_cast<std::uint32_t>(((front ^ std::rotl(back, 23) ^ size) * 0x94d049bb133111ebU) >> 56);
  }

  bool may_contain(std::uint32_t place) const noexcept { return (words_[place / 64] >> place % 64 & 1U) != 0; }
  void add(std::uint32_t place) noexcept { words_[place / 64] |= std::uint64_t{1} << place % 64; }
  void clear() noexcept { words_ = {}; }

 private:
  std::array<std::uint64_t, 4> words_ = {};
};

}  // namespace segue::detail
