// CRC-32C (Castagnoli), the checksum of the spool's records: finds every damage of up to 32 bits in a row.
#pragma once

#include <cstdint>
#include <string_view>

namespace segue::detail {

/// The checksum of `bytes`, or, with the checksum of what stands before them, of both.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0) noexcept;

}  // namespace segue::detail
