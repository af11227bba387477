#include "segue/export/exporter.h"

namespace segue {

std::uint64_t ExportBatch::span_count() const noexcept {
  std::uint64_t count = 0;
  for (const ExportRegion& region : regions) count += region.span_count;
  return count;
}

std::size_t ExportBatch::byte_count() const noexcept {
  std::size_t count = resource.size();
  for (const ExportRegion& region : regions) {
    count += region.scope.size() + region.schema_url.size() + region.spans.size();
  }
  return count;
}

}  // namespace segue
