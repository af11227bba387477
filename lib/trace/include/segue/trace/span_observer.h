// SpanObserver: sees every finished span on the thread that recorded it, before sampling has thrown any away.
//
//   class NodeLatency final : public segue::SpanObserver {
//     void on_end(const segue::FinishedSpan& span) noexcept override {
//       const ValueView node = span.attribute("workflow.node_name");
//       if (const auto* name = std::get_if<std::string_view>(&node)) count(*name, span.duration_nanos());
//     }
//   };
//   auto provider = TracerProvider::create({.sampler = always_record(sampler), .observers = {latency}});
//
// For statistics that must not depend on sampling: with `always_record` an observer sees all spans, otherwise the sampled
// ones. Without observers nothing is paid. Thread safety: `on_end` is called from every recording thread at once.
// Errors: none; an observer must not block, as its time is the application's.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/trace/no_tracing.h"
#else

#include <cstdint>
#include <string_view>

#include "segue/model/span_context.h"
#include "segue/model/span_view.h"

namespace segue {

namespace detail {
struct SpanSlot;
}

/// A span that has just ended. Valid during `on_end` only, and so is all it returns.
class FinishedSpan {
 public:
  FinishedSpan(const detail::SpanSlot& slot, std::uint64_t start_unix_nanos, std::uint64_t end_unix_nanos) noexcept
      : slot_(slot), start_unix_nanos_(start_unix_nanos), end_unix_nanos_(end_unix_nanos) {}

  std::string_view name() const noexcept;
  SpanKind kind() const noexcept;
  StatusCode status() const noexcept;
  /// Empty unless the status is Error.
  std::string_view status_message() const noexcept;
  /// Its sampled flag tells whether the span is exported as well.
  const SpanContext& context() const noexcept;
  /// Invalid for a root.
  const SpanId& parent_span_id() const noexcept;
  /// The name of the instrumentation scope.
  std::string_view scope() const noexcept;
  std::uint64_t start_unix_nanos() const noexcept { return start_unix_nanos_; }
  std::uint64_t end_unix_nanos() const noexcept { return end_unix_nanos_; }
  /// End minus start, or 0 where the end comes first.
  std::uint64_t duration_nanos() const noexcept {
    return end_unix_nanos_ > start_unix_nanos_ ? end_unix_nanos_ - start_unix_nanos_ : 0;
  }

  /// The attribute's value, std::monostate where there is none. Decoded on each call, without allocation.
  ValueView attribute(std::string_view key) const noexcept;

 private:
  const detail::SpanSlot& slot_;
  std::uint64_t start_unix_nanos_;
  std::uint64_t end_unix_nanos_;
};

class SpanObserver {
 public:
  virtual ~SpanObserver() = default;
  virtual void on_end(const FinishedSpan& span) noexcept = 0;
};

}  // namespace segue

#endif
