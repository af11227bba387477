#include <utility>

#include "segue/trace/span.h"

// Assigning would have to end the span on the left in passing.
void replace(segue::Span& left, segue::Span right) {
#ifdef BAD_LINE
  left = std::move(right);
#else
  left.end();
  segue::Span next = std::move(right);
#endif
}
