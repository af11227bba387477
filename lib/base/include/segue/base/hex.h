// Lower-case hexadecimal and RFC 4648 base64: how ids and bytes look in text.
//
// Pure functions, safe from any thread. Errors: decoding answers an empty optional for input that
// is not exactly the encoding of something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace segue {

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
