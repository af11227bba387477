#include <utility>

#include "segue/trace/span.h"

// A copy would end the same operation twice.
void twice(segue::Span& span) {
#ifdef BAD_LINE
  segue::Span other = span;
#else
  segue::Span other = std::move(span);
#endif
}
