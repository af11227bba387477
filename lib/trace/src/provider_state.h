// What a provider's tracers, recorders and back end share. Never freed: spans and threads outlive providers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "chunk_pool.h"
#include "recorder.h"
#include "segue/trace/provider.h"
#include "segue/trace/record_queue.h"
#include "span_budget.h"
#include "wake_signal.h"

namespace segue::detail {

/// The sampler's answers that need no call, by kind of parent.
using ConstantDecisions = std::array<std::optional<SamplingDecision>, parent_kind_count>;

struct TracerState {
  ProviderState* provider;
  std::string name;
  std::string encoded_scope;
  std::string schema_url;
};

/// Adds what `recorder` counted.
void add_counts(TraceStats& total, const Recorder& recorder) noexcept;

struct ProviderState {
  explicit ProviderState(const TracerProviderOptions& options);

  std::shared_ptr<Recorder> add_recorder(const TracerState& tracer);

  /// In the child of a fork, with `mutex` held: forgets the parent's spans and counts.
  void become_child() noexcept;
  void refresh_resource() noexcept;

  const SamplerPointer sampler;
  const ConstantDecisions constant_decisions;
  const SpanLimits limits;
  const std::vector<std::shared_ptr<SpanObserver>> observers;
  std::string resource;  ///< Changes once in the child of a fork, before its back end runs.
  const std::function<std::vector<Attribute>()> resource_after_fork;
  ChunkPool chunks;
  SpanBudget budget;
  WakeSignal signal;
  RecordQueue queue;
  std::atomic<std::uint32_t> wake_spans = 512;
  std::atomic<bool> closed = false;
  std::atomic<bool> abandoned = false;       ///< No back end collects any more.
  std::atomic<bool> is_fresh_child = false;  ///< In the child of a fork, until it starts a span.
  ForkListener* fork_listener = nullptr;     ///< Guarded by the registry of providers.

  std::mutex mutex;  ///< Guards the members below; taken when a thread or tracer is new, and by the back end.
  std::deque<TracerState> tracers;
  std::vector<std::shared_ptr<Recorder>> recorders;
  TraceStats finished;            ///< Of recorders whose threads are gone, and of the back end.
  std::size_t next_recorder = 0;  ///< Where the next collection begins, so that no thread starves.
};

}  // namespace segue::detail
