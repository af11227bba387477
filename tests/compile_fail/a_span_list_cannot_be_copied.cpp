#include <utility>

#include "segue/model/span_view.h"

// A copy's views would point into the original's buffers.
segue::SpanList take(segue::SpanList& list) {
#ifdef BAD_LINE
  return list;
#else
  return std::move(list);
#endif
}
