#include "text/rounding.h"

#include <array>
#include <charconv>
#include <system_error>

namespace jorge {

double round_to_decimals(double value, int decimals) noexcept {
  // Printing rounds the exact binary value, which multiplying by a power of ten first would not.
  std::array<char, 400> digits{};
  const auto printed =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals);
  if (printed.ec != std::errc{}) return value;
  double rounded = value;
  std::from_chars(digits.data(), printed.ptr, rounded);
  return rounded;
}

}  // namespace jorge
