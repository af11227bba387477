#include "byte_codec.h"

namespace segue::server::detail {

ByteWriter& ByteWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    out_.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out_.push_back(static_cast<char>(value));
  return *this;
}

ByteWriter& ByteWriter::fixed(std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out_.push_back(static_cast<char>(value >> (8 * i)));
  return *this;
}

std::uint8_t ByteReader::byte() noexcept {
  if (rest_.empty()) {
    fail();
    return 0;
  }
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint64_t ByteReader::varint() noexcept {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint8_t part = byte();
    value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
    if ((part & 0x80) == 0) return value;
  }
  fail();
  return 0;
}

std::string_view ByteReader::raw(std::size_t size) noexcept {
  if (size > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

std::size_t ByteReader::count() noexcept {
  const std::uint64_t value = varint();
  if (value > rest_.size()) {
    fail();
    return 0;
  }
  return static_cast<std::size_t>(value);
}

std::uint64_t ByteReader::fixed(std::size_t bytes) noexcept {
  std::uint64_t value = 0;
  for (const char part : raw(bytes)) value = value << 8 | static_cast<std::uint8_t>(part);
  return value;
}

}  // namespace segue::server::detail
