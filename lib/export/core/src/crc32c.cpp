#include "crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace segue::detail {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78U;  // bit-reversed
constexpr std::size_t stride = 8;

using Table = std::array<std::uint32_t, 256>;

// tables[n][b]: what byte b contributes with n more bytes behind it, so that eight are taken in one step.
constexpr std::array<Table, stride> make_tables() noexcept {
  std::array<Table, stride> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? polynomial : 0U);
    tables[0][byte] = crc;
  }
  for (std::size_t n = 1; n < stride; ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t shorter = tables[n - 1][byte];
      tables[n][byte] = (shorter >> 8) ^ tables[0][shorter & 0xffU];
    }
  }
  return tables;
}

constexpr std::array<Table, stride> tables = make_tables();

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) noexcept {
  std::uint32_t crc = ~before;
  while (bytes.size() >= stride) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), stride);
    word ^= crc;
    crc = 0;
    for (std::size_t i = 0; i < stride; ++i) crc ^= tables[stride - 1 - i][(word >> (8 * i)) & 0xffU];
    bytes.remove_prefix(stride);
  }
  for (const char byte : bytes) crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xffU];
  return ~crc;
}

}  // namespace segue::detail
