#include "segue/base/utf8.h"

#include <cstdint>

namespace segue {
namespace {

/// What a lead byte asks for: how many bytes follow, and the range of the first of them (the others are 80..BF).
struct Lead {
  std::size_t following;
  std::uint8_t lowest;
  std::uint8_t highest;
};

Lead classify(std::uint8_t byte) noexcept {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};  // no overlong forms
  if (byte == 0xED) return {2, 0x80, 0x9F};  // no surrogates
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};  // no overlong forms
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};  // nothing above U+10FFFF
  return {0, 0, 0};
}

}  // namespace

Utf8Sequence next_utf8_sequence(std::string_view text) noexcept {
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) return {1, true};
  Lead lead = classify(first);
  if (lead.following == 0) return {1, false};
  for (std::size_t i = 1; i <= lead.following; ++i) {
    if (i == text.size()) return {i, false};
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < lead.lowest || byte > lead.highest) return {i, false};
    lead.lowest = 0x80;
    lead.highest = 0xBF;
  }
  return {lead.following + 1, true};
}

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  std::size_t position = 0;
  while (position < text.size()) {
    const Utf8Sequence sequence = next_utf8_sequence(text.substr(position));
    if (!sequence.is_valid) break;
    position += sequence.size;
  }
  return position;
}

std::string to_valid_utf8(std::string text) {
  std::size_t position = valid_utf8_prefix(text);
  if (position == text.size()) return text;
  std::string repaired = text.substr(0, position);
  while (position < text.size()) {
    const std::string_view rest = std::string_view(text).substr(position);
    const Utf8Sequence sequence = next_utf8_sequence(rest);
    repaired.append(sequence.is_valid ? rest.substr(0, sequence.size) : utf8_replacement);
    position += sequence.size;
  }
  return repaired;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | code_point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | code_point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace segue
