// Rounding to decimals the way the scores' definition demands: on the double's exact value, ties to even.
//
//   round_to_decimals(42.400000000000006, 2) == 42.4
//
// Thread safety: pure functions. Errors: none.
#pragma once

namespace jorge {

/// `value` rounded to `decimals` (0 to 15) places behind the point.
double round_to_decimals(double value, int decimals) noexcept;

}  // namespace jorge
