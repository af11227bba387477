#include "segue/base/hex.h"

#include <array>

namespace segue {
namespace {

constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using HexValues = std::array<std::int8_t, 256>;

/// Each character's value as a digit, or -1.
constexpr HexValues make_hex_values(HexCase allowed) noexcept {
  HexValues values{};
  values.fill(-1);
  for (std::size_t i = 0; i < lower_digits.size(); ++i) {
    const char digit = lower_digits[i];
    values[static_cast<std::uint8_t>(digit)] = static_cast<std::int8_t>(i);
    if (allowed == HexCase::Any && digit >= 'a')
      values[static_cast<std::uint8_t>(digit - 'a' + 'A')] = static_cast<std::int8_t>(i);
  }
  return values;
}

// Tables, because digits of random ids are what no branch predictor can guess.
constexpr HexValues lower_hex_values = make_hex_values(HexCase::LowerOnly);
constexpr HexValues any_hex_values = make_hex_values(HexCase::Any);

int base64_value(char digit) noexcept {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  if (digit == '+' || digit == '-') return 62;
  if (digit == '/' || digit == '_') return 63;
  return -1;
}

}  // namespace

void encode_hex(std::span<const std::uint8_t> bytes, char* out) noexcept {
  for (const std::uint8_t byte : bytes) {
    *out++ = lower_digits[byte >> 4];
    *out++ = lower_digits[byte & 15];
  }
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.size() * 2, '0');
  encode_hex(bytes, text.data());
  return text;
}

bool decode_hex(std::string_view digits, std::span<std::uint8_t> out, HexCase allowed) noexcept {
  if (digits.size() != out.size() * 2) return false;
  const HexValues& values = allowed == HexCase::Any ? any_hex_values : lower_hex_values;
  int seen = 0;  // negative once any digit was
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = values[static_cast<std::uint8_t>(digits[2 * i])];
    const int low = values[static_cast<std::uint8_t>(digits[2 * i + 1])];
    seen |= high | low;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return seen >= 0;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < have ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= have ? base64_digits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char digit : text) {
    const int value = base64_value(digit);
    if (value < 0) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 255);
  }
  return bytes;
}

}  // namespace segue
