// NodeMetrics: how long each bot's nodes take and how handoffs end, as metrics, from the spans themselves.
//
//   auto observer = std::make_shared<segue::NodeMetrics>(*meters);
//   auto provider = TracerProvider::create({.sampler = always_record(sampler), .observers = {observer}});
//
// Histogram `workflow.node.duration` in seconds by workflow.bot_type, workflow.node_name and, for failed nodes, error.type;
// counter `workflow.handoff.total` by handoff.source_bot, handoff.target_bot and handoff.outcome. A value is the span's own duration. With
// `always_record` unsampled spans count too. Thread safety: any thread. Errors: none.
#pragma once

#include "segue/metrics/meter_provider.h"
#include "segue/trace/span_observer.h"

namespace segue {

class NodeMetrics final : public SpanObserver {
 public:
  explicit NodeMetrics(MeterProvider& meters);
  void on_end(const FinishedSpan& span) noexcept override;

 private:
  Histogram durations_;
  Counter handoffs_;
};

}  // namespace segue
