// Jorge's own log: one line on standard error per event worth an operator's look.
//
//   log_warning("the CRM did not take the reply: timed out");
//
// Thread safety: any thread; lines never mix. Errors: none.
#pragma once

#include <string_view>

namespace jorge {

void log_warning(std::string_view message) noexcept;

}  // namespace jorge
