// What a provider's tracers, recorders and back end share. Never freed: spans and threads outlive providers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
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
  std::string version;
  std::string encoded_scope;
};

/// Adds what `recorder` counted.
void add_counts(TraceStats& total, const Recorder& recorder) noexcept;

struct ProviderState {
  explicit ProviderState(const TracerProviderOptions& options);

  std::shared_ptr<Recorder> add_recorder(const TracerState& tracer);

  const SamplerPointer sampler;
  const ConstantDecisions constant_decisions;
  const SpanLimits limits;
  const std::string resource;
  ChunkPool chunks;
  SpanBudget budget;
  WakeSignal signal;
  RecordQueue queue;
  std::atomic<std::uint32_t> wake_spans = 512;
  std::atomic<bool> closed = false;
  std::atomic<bool> abandoned = false;  ///< No back end collects any more.

  std::mutex mutex;  ///< Guards the members below; taken when a thread or tracer is new, and by the back end.
  std::deque<TracerState> tracers;
  std::vector<std::shared_ptr<Recorder>> recorders;
  TraceStats finished;            ///< Of recorders whose threads are gone, and of the back end.
  std::size_t next_recorder = 0;  ///< Where the next collection begins, so that no thread starves.
};

}  // namespace segue::detail
