#include "segue/metrics/node_metrics.h"

#include "fork_registry.h"
#include "segue/model/attributes.h"

namespace segue {
namespace {

std::string_view text_of(const FinishedSpan& span, std::string_view key) noexcept {
  const ValueView value = span.attribute(key);
  const auto* text = std::get_if<std::string_view>(&value);
  return text != nullptr ? *text : std::string_view();
}

// What failed nodes are told apart by; OpenTelemetry's word for "something else" where nothing is known.
std::string_view error_type(const FinishedSpan& span) noexcept {
  const std::string_view type = text_of(span, attributes::error_type);
  return type.empty() ? "_OTHER" : type;
}

}  // namespace

NodeMetrics::NodeMetrics(MeterProvider& meters)
    : durations_(meters.histogram("workflow.node.duration",
                                  {.unit = "s", .description = "How long a workflow node took"}, seconds_bounds)),
      handoffs_(meters.counter("workflow.handoff.total",
                               {.unit = "{handoff}", .description = "Handoffs between bots, by how they ended"})) {}

void NodeMetrics::on_end(const FinishedSpan& span) noexcept {
  detail::wake_in_child();  // spans of every kind are counted where it observes
  if (const std::string_view source = text_of(span, attributes::handoff_source_bot); !source.empty()) {
    handoffs_.add(1, {{attributes::handoff_source_bot, source},
                      {attributes::handoff_target_bot, text_of(span, attributes::handoff_target_bot)},
                      {attributes::handoff_outcome, text_of(span, attributes::handoff_outcome)}});
    return;
  }
  const std::string_view node = text_of(span, attributes::workflow_node_name);
  if (node.empty()) return;
  const double seconds = static_cast<double>(span.duration_nanos()) * 1e-9;
  const std::string_view bot = text_of(span, attributes::workflow_bot_type);
  if (span.status() == StatusCode::Error) {
    durations_.record(seconds, {{attributes::workflow_bot_type, bot},
                                {attributes::workflow_node_name, node},
                                {attributes::error_type, error_type(span)}});
  } else {
    durations_.record(seconds, {{attributes::workflow_bot_type, bot}, {attributes::workflow_node_name, node}});
  }
}

}  // namespace segue
