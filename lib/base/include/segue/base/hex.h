// Lower-case hexadecimal and RFC 4648 base64: how ids and bytes look in text.
//
// Pure functions, safe from any thread. Errors: decoding answers an empty optional for input that
// is not exactly the encoding of something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace segue {

/// Writes the sixteen lower-case digits of eight bytes to `out`: ids are written on every request.
inline void encode_hex_eight(const std::uint8_t* bytes, char* out) noexcept {
  using Vector = std::uint8_t __attribute__((vector_size(16)));
  Vector values = {};
  std::memcpy(&values, bytes, 8);
  values = __builtin_shufflevector(values >> 4, values & 15, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const auto is_letter = static_cast<Vector>(values > 9);  // all bits where it is true
  const Vector digits = values + '0' + (is_letter & ('a' - '0' - 10));
  std::memcpy(out, &digits, sizeof digits);
}

/// Writes two lower-case digits per byte to `out`, which has room for `2 * bytes.size()`.
void encode_hex(std::span<const std::uint8_t> bytes, char* out) noexcept;

/// Two lower-case digits per byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

enum class HexCase : std::uint8_t { LowerOnly, Any };

/// Fills `out` from exactly `2 * out.size()` digits; false, with `out` unspecified, for anything else.
bool decode_hex(std::string_view digits, std::span<std::uint8_t> out, HexCase allowed = HexCase::Any) noexcept;

/// Standard alphabet, padded.
std::string to_base64(std::string_view bytes);

/// Accepts the standard and the URL alphabet, padded or not.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace segue
