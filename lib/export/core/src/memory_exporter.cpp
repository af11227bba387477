#include "segue/export/memory_exporter.h"

#include <iterator>
#include <utility>

#include "segue/export/request_frame.h"
#include "segue/otlp/decode.h"

namespace segue {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

ExportResult MemoryExporter::export_spans(const ExportBatch& batch) noexcept {
  try {
    auto request = std::make_shared<const std::string>(RequestFrame(batch).joined());
    if (const auto decoded = otlp::decode_request(*request); !decoded) {
      return {.outcome = ExportOutcome::Rejected, .message = decoded.error().message};
    }
    const std::scoped_lock lock(mutex_);
    requests_.push_back(std::move(request));
    return {};
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

SpanList MemoryExporter::finished_spans() const {
  const std::scoped_lock lock(mutex_);
  SpanList all;
  for (const auto& request : requests_) {
    SpanList list = std::move(otlp::decode_request(*request)->list);
    append(all.spans, std::move(list.spans));
    append(all.resources, std::move(list.resources));
    append(all.scopes, std::move(list.scopes));
    all.buffers.push_back(request);
  }
  return all;
}

void MemoryExporter::clear() noexcept {
  const std::scoped_lock lock(mutex_);
  requests_.clear();
}

}  // namespace segue
