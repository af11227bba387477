#include "keyed_hash.h"

#include <algorithm>
#include <bit>
#include <span>

#include "segue/base/hex.h"

namespace segue::detail {
namespace {

constexpr std::size_t block_bytes = 64;
using Block = std::array<std::uint8_t, block_bytes>;
using Digest = std::array<std::uint8_t, 32>;

constexpr Sha256State initial_state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

constexpr std::uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::array<std::uint32_t, 64> schedule_of(const std::uint8_t* block) noexcept {
  std::array<std::uint32_t, 64> words;
  for (std::size_t i = 0; i < 16; ++i) {
    words[i] = std::uint32_t{block[4 * i]} << 24 | std::uint32_t{block[4 * i + 1]} << 16 |
               std::uint32_t{block[4 * i + 2]} << 8 | block[4 * i + 3];
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t early = words[i - 15], late = words[i - 2];
    words[i] = words[i - 16] + words[i - 7] + (std::rotr(early, 7) ^ std::rotr(early, 18) ^ early >> 3) +
               (std::rotr(late, 17) ^ std::rotr(late, 19) ^ late >> 10);
  }
  return words;
}

void compress(Sha256State& state, const std::uint8_t* block) noexcept {
  const std::array<std::uint32_t, 64> words = schedule_of(block);
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t up = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) +
                             round_constants[i] + words[i];
    const std::uint32_t down = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + up;
    d = c;
    c = b;
    b = a;
    a = up + down;
  }
  const Sha256State changed = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += changed[i];
}

std::uint8_t byte_of(std::uint64_t number, std::size_t index_from_low) noexcept {
  return static_cast<std::uint8_t>(number >> (8 * index_from_low));
}

/// The digest of `bytes`, continuing from `state`, before which `hashed_before` bytes were hashed.
Digest finish(Sha256State state, std::span<const std::uint8_t> bytes, std::size_t hashed_before) noexcept {
  const std::uint64_t bits = (std::uint64_t{hashed_before} + bytes.size()) * 8;
  for (; bytes.size() >= block_bytes; bytes = bytes.subspan(block_bytes)) compress(state, bytes.data());
  Block last{};
  std::copy(bytes.begin(), bytes.end(), last.begin());
  last[bytes.size()] = 0x80;
  if (bytes.size() >= block_bytes - 8) {
    compress(state, last.data());
    last.fill(0);
  }
  for (std::size_t i = 0; i < 8; ++i) last[block_bytes - 1 - i] = byte_of(bits, i);
  compress(state, last.data());
  Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = byte_of(state[i / 4], 3 - i % 4);
  return digest;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Sha256State state_after(const Block& key, std::uint8_t pad) noexcept {
  Block padded;
  std::transform(key.begin(), key.end(), padded.begin(),
                 [pad](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ pad); });
  Sha256State state = initial_state;
  compress(state, padded.data());
  return state;
}

}  // namespace

KeyedHash::KeyedHash(std::string_view key) noexcept {
  Block block{};
  if (key.size() > block_bytes) {
    const Digest shortened = finish(initial_state, bytes_of(key), 0);
    std::copy(shortened.begin(), shortened.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  inner_ = state_after(block, 0x36);
  outer_ = state_after(block, 0x5c);
}

std::string KeyedHash::hex(std::string_view message) const {
  const Digest inner = finish(inner_, bytes_of(message), block_bytes);
  const Digest digest = finish(outer_, inner, block_bytes);
  return to_hex(std::span(digest).first(digest.size() / 2));
}

}  // namespace segue::detail
