#include "segue/base/result.h"

segue::Result<void> save();

void careless() {
#ifdef BAD_LINE
  save();
#else
  if (!save()) return;
#endif
}
