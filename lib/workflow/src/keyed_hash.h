// KeyedHash: HMAC-SHA-256 (RFC 2104, FIPS 180-4), cut to its first half.
//
//   KeyedHash("key").hex("c-1");   // 32 hex digits
//
// Immutable, safe from any thread. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue::detail {

/// The chaining state of SHA-256.
using Sha256State = std::array<std::uint32_t, 8>;

class KeyedHash {
 public:
  explicit KeyedHash(std::string_view key) noexcept;
  std::string hex(std::string_view message) const;

 private:
  Sha256State inner_;  ///< After the block of the key with the inner pad.
  Sha256State outer_;
};

}  // namespace segue::detail
