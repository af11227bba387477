// Prints what became of an export, for the tests that read it.
#pragma once

#include <iostream>

#include "segue/export/exporter.h"

namespace segue::interop {

inline void print(const ExportResult& result) {
  constexpr const char* outcomes[] = {"delivered", "retryable", "rejected"};
  std::cout << outcomes[static_cast<int>(result.outcome)] << ' ' << result.rejected_spans << " rejected";
  if (result.retry_after) std::cout << " retry after " << result.retry_after->count() << " ms";
  if (!result.message.empty()) std::cout << ": " << result.message;
  std::cout << '\n';
}

}  // namespace segue::interop
