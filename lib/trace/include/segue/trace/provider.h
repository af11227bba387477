// TracerProvider: where tracers come from, and the border to the back end that exports their spans.
//
//   auto provider = segue::TracerProvider::create({.resource = {{"service.name", "bots"}}});
//   segue::set_default_tracer(provider->tracer("acme.bots", "1.4.0"));
//
// It owns the sampler, the limits and the queue of finished spans. `close()`, or destroying it, stops recording: spans that
// end later are dropped and counted. Spans and tracers may outlive it. In the child of a fork it goes on with no span and no
// count of the parent's: spans that were open stay valid parents, but are the parent's to record (fork_listener.h).
// Thread safety: any thread. Errors: options are validated once, in `create`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "segue/base/result.h"
#include "segue/trace/attribute.h"
#include "segue/trace/limits.h"
#include "segue/trace/sampler.h"
#include "segue/trace/span_observer.h"
#include "segue/trace/stats.h"
#include "segue/trace/tracer.h"

namespace segue {

class RecordQueue;
namespace detail {
struct ProviderState;
}

struct TracerProviderOptions {
  /// What produces the spans, e.g. service.name. Read during `create` only.
  Attributes resource = {};
  /// The resource of a forked child, e.g. with its own process.pid; asked for before the child's first span is recorded.
  /// What the attributes point to must live as long as the function. Default: the parent's resource.
  std::function<std::vector<Attribute>()> resource_after_fork = nullptr;
  /// Default: parent_based(always_on()).
  SamplerPointer sampler = nullptr;
  SpanLimits limits = {};
  /// Called for every recorded span as it ends. Default: none, which costs nothing.
  std::vector<std::shared_ptr<SpanObserver>> observers = {};
  /// Finished spans waiting for the back end, in bytes, over all threads; from 64 KiB, default 32 MiB. More survives
  /// longer outages and bursts, less bounds the memory. When it is full the old spans are kept and new ones dropped,
  /// reason "queue_full". Each recording thread also owns one chunk that does not count.
  std::size_t max_queue_bytes = std::size_t{32} << 20;
  /// The same bound in spans, over all threads, those being exported included; what is over it is dropped likewise.
  /// Default 0: bytes alone (OTEL_BSP_MAX_QUEUE_SIZE). Threads reserve room in blocks of up to 1/512 of it, so where very
  /// many record, some spans may be dropped that little early; there are never more.
  std::uint64_t max_queue_spans = 0;
};

/// What else tells instrumentation scopes apart.
struct ScopeOptions {
  /// The schema whose names the scope's attributes follow, e.g. "https://opentelemetry.io/schemas/1.44.0".
  std::string_view schema_url = {};
  Attributes attributes = {};
};

class TracerProvider {
 public:
  /// InvalidArgument names the option that is out of range.
  static Result<TracerProvider> create(const TracerProviderOptions& options = {});
  TracerProvider(TracerProvider&&) noexcept;
  TracerProvider& operator=(TracerProvider&&) = delete;
  ~TracerProvider();

  /// The tracer of an instrumentation scope; the same scope gives the same tracer. After `close` a disabled one.
  Tracer tracer(std::string_view name, std::string_view version = {}, const ScopeOptions& options = {});

  /// The back end's side of the queue.
  RecordQueue& queue() noexcept;

  /// Exported and failed counts come from the back end through `RecordQueue::count_*`.
  TraceStats stats() const noexcept;

  /// Spans that end from now on are dropped, reason "after_shutdown". What was recorded stays collectable.
  void close() noexcept;

 private:
  explicit TracerProvider(detail::ProviderState* state) noexcept : state_(state) {}
  detail::ProviderState* state_;  ///< Never freed: threads and spans may still refer to it.
};

}  // namespace segue
