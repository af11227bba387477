#include "segue/base/hex.h"

#include <array>
#include <bit>
#include <cstring>

namespace segue {
namespace {

// Eight digits at a time where the machine's first byte is a word's lowest one: ids are read on every request.
constexpr bool has_word_path = std::endian::native == std::endian::little;
constexpr std::size_t bytes_per_word = 4;

/// `value` in each of the eight bytes of a word.
constexpr std::uint64_t repeat(std::uint64_t value) noexcept { return value * 0x0101010101010101U; }

// What was seen while digits were decoded; judged once for all of them.
struct Suspicions {
  std::uint64_t values = 0;  ///< A value above 15 stands for no digit.
  std::uint64_t kinds = 0;   ///< Bit 0 of a byte: a value below 10 was written as a letter, or one above as none.

  constexpr bool are_unfounded() const noexcept { return ((values & repeat(0xf0)) | (kinds & repeat(1))) == 0; }
};

/// The four bytes of eight digits.
template <HexCase allowed>
constexpr std::uint32_t decode_word(std::uint64_t digits, Suspicions& suspicions) noexcept {
  const std::uint64_t is_letter = digits >> 6 & repeat(1);
  if constexpr (allowed == HexCase::Any) digits |= is_letter << 5;  // an upper-case letter becomes a lower-case one
  const std::uint64_t values = digits - repeat('0') - is_letter * ('a' - '0' - 10);
  suspicions.values |= values;  // a borrow from the next byte shows here, too
  suspicions.kinds |= (values + repeat(6)) >> 4 ^ is_letter;
  std::uint64_t packed = values * 0x1001U >> 8 & 0x00ff00ff00ff00ffU;  // a first digit counts 16 times its neighbour
  packed = (packed | packed >> 8) & 0x0000ffff0000ffffU;
  return static_cast<std::uint32_t>(packed | packed >> 16);
}

template <class Word, class Byte>
Word load(const Byte* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

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

/// Decodes what fills whole pairs of words and says how many bytes that is; nothing if a digit is none.
template <HexCase allowed>
std::optional<std::size_t> decode_words(const char* digits, std::span<std::uint8_t> out) noexcept {
  // Pairs, because ids are looked at eight bytes at a time: a read waits for writes that are smaller.
  constexpr std::size_t step = 2 * bytes_per_word;
  Suspicions suspicions;
  std::size_t done = 0;
  for (; done + step <= out.size(); done += step) {
    const std::uint64_t low = decode_word<allowed>(load<std::uint64_t>(digits + 2 * done), suspicions);
    const std::uint64_t high = decode_word<allowed>(load<std::uint64_t>(digits + 2 * done + step), suspicions);
    const std::uint64_t bytes = low | high << 32;
    std::memcpy(out.data() + done, &bytes, sizeof bytes);
  }
  if (!suspicions.are_unfounded()) return std::nullopt;
  return done;
}

template <HexCase allowed>
bool decode_all(const char* digits, std::span<std::uint8_t> out) noexcept {
  std::size_t i = 0;
  if constexpr (has_word_path) {
    const std::optional<std::size_t> done = decode_words<allowed>(digits, out);
    if (!done) return false;
    i = *done;
  }
  constexpr const HexValues& values = allowed == HexCase::Any ? any_hex_values : lower_hex_values;
  int seen = 0;  // negative once any digit was
  for (; i < out.size(); ++i) {
    // NOLINTBEGIN(bugprone-signed-char-misuse): below 0 stands for no digit
    const int high = values[static_cast<std::uint8_t>(digits[2 * i])];
    const int low = values[static_cast<std::uint8_t>(digits[2 * i + 1])];
    // NOLINTEND(bugprone-signed-char-misuse)
    seen |= high | low;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return seen >= 0;
}

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
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) encode_hex_eight(bytes.data() + i, out + 2 * i);
  for (; i < bytes.size(); ++i) {
    out[2 * i] = lower_digits[bytes[i] >> 4];
    out[2 * i + 1] = lower_digits[bytes[i] & 15];
  }
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.size() * 2, '0');
  encode_hex(bytes, text.data());
  return text;
}

bool decode_hex(std::string_view digits, std::span<std::uint8_t> out, HexCase allowed) noexcept {
  if (digits.size() != out.size() * 2) return false;
  return allowed == HexCase::Any ? decode_all<HexCase::Any>(digits.data(), out)
                                 : decode_all<HexCase::LowerOnly>(digits.data(), out);
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
