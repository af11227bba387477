// Calls everything that <segue/segue.h> declares for applications. Built with SEGUE_NO_TRACING it must compile and link with
// nothing but segue::base; built with tracing it must refer to every such function there is (every_call.cmake).
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "segue/segue.h"

namespace {

using Fields = std::map<std::string, std::string>;

struct State {
  std::string contact_id = "c-1";
  int turns = 0;
};

State step(State state) {
  ++state.turns;
  return state;
}

void carry_contexts() {
  Fields fields;
  const segue::Propagator propagator;
  const segue::Context context = propagator.extract(segue::MapReader(fields));
  propagator.inject(context, segue::MapWriter(fields));
  segue::MapWriter writer(fields);
  propagator.inject(context.span, context.baggage, writer);
  (void)propagator.fields();
  if (auto named = segue::Propagator::from_names("tracecontext")) segue::set_default_propagator(*std::move(named));
  (void)segue::default_propagator().extract(segue::MapReader(fields));
  segue::inject_current_context(writer);
  segue::inject_current_context(segue::MapWriter(fields));
  segue::propagate_trace_context(fields);
  const segue::ContextScope scope = segue::extract_trace_context(fields);
  const segue::ContextScope inner(segue::current_context());
}

void carry_baggage() {
  const std::string_view headers[] = {"a=1", "b=2"};
  const segue::Baggage baggage = segue::Baggage::parse("a=1").baggage;
  (void)segue::Baggage::parse(headers).dropped_members;
  (void)baggage.get("a");
  (void)baggage.members().size();
  (void)baggage.is_empty();
  (void)baggage.with("b", "2", "private");
  (void)baggage.without("a").header();
}

void record_spans() {
  segue::Tracer tracer = segue::default_tracer();
  segue::set_default_tracer(tracer);
  segue::Span span = tracer.start_span("a", {.kind = segue::SpanKind::Client, .attributes = {{"key", "value"}}});
  span.set("text", "x").set("int", 1).set("double", 0.5).set("bool", true).set(segue::Attribute("key", "value"));
  span.set_all({{"text", "x"}, {"int", 1}});
  span.set_status(segue::StatusCode::Ok);
  span.add_event("event", {{"key", 1}});
  span.add_link(segue::current_span_context(), {{"key", 1}});
  span.record_exception(std::runtime_error("boom"));
  span.update_name("b");
  (void)span.is_recording();
  (void)span.status();
  (void)span.context().is_valid();
  (void)span.start_unix_nanos();
  (void)span.elapsed_nanos();
  const segue::SpanScope scope(span);
  segue::ScopedSpan scoped = tracer.start_scoped_span("c");
  segue::CurrentSpan current;
  current.set({"key", "value"});
  current.add_event("event");
  (void)current.is_recording();
  scoped.end();
  span.end(1);
  (void)tracer.is_enabled();
}

void trace_workflows() {
  segue::WorkflowSpan span = segue::workflow_span("lead_bot", "greet", {.contact_id = "c-1"});
  segue::add_workflow_event("greeted");
  span.fail(std::runtime_error("boom"));
  span.fail("no answer");
  (void)segue::is_tracing_enabled();
  (void)segue::get_trace_id();
  auto operation = segue::trace_operation("jorge.handoff", "execute");
  operation.end();
  span.end();
  (void)segue::trace_workflow_node("lead_bot", "step", step)(State());
  segue::Graph<State> graph("lead_bot");
  graph.add_node("step", step);
  graph.add_edge(segue::graph_start, "step").add_edge("step", segue::graph_end);
  if (const auto workflow = graph.compile()) (void)workflow->run(State());
}

void hand_over() {
  segue::HandoffSpan handoff = segue::create_handoff_span("lead", "buyer", "c-1", 0.9, "intent");
  handoff.set_blocked("threshold");
  handoff.set_deferred("busy");
  handoff.set_failed("locked");
  handoff.end();
}

void accept_handoffs() {
  const segue::Context handoff = segue::read_trace_context(segue::current_trace_columns());
  const segue::HandoffPlace place = segue::place_after_handoff(handoff, std::chrono::minutes(1));
  segue::WorkflowSpan work = segue::accept_handoff(handoff, "buyer_bot", {.contact_id = "c-1"});
  segue::link_handoff(work, place);
  segue::HandoffSpan next = segue::create_handoff_span({.source_bot = "buyer", .target_bot = "seller"});
  next.set_outcome(segue::HandoffOutcome::Deferred, "busy");
  next.fail(std::runtime_error("boom"));
}

void say_what_is_recorded() {
  (void)segue::set_redactor({.contact_ids = segue::ContactIds::Hash, .hash_key = "key"});
  (void)segue::contact_hash("c-1");
  segue::set_semantic_conventions(segue::SemanticConventions::Experimental);
  (void)segue::semantic_conventions();
  segue::set_default_meters(segue::default_meters());
  segue::increment_counter("handoffs", 1, {{"source", "lead"}});
}

void run_graph_with_options() {
  segue::Graph<State> graph("lead_bot");
  const segue::NodeOptions options = {
      .retry = {.max_attempts = 2, .backoff = segue::exponential_backoff(std::chrono::seconds(0), {})}};
  graph.add_node("step", step, options);
  graph.add_edge(segue::graph_start, "step").add_edge("step", segue::graph_end);
  const auto workflow = graph.compile({.executor = segue::thread_executor()});
  if (!workflow) return;
  (void)workflow->to_mermaid();
  (void)workflow->run(State(), [](const segue::Checkpoint<State>&) { return segue::Result<void>(); });
}

void set_up() {
  const segue::SamplerPointer sampler = segue::parent_based(segue::always_record(segue::trace_id_ratio(0.5)));
  (void)segue::parent_based({.root = segue::always_on(), .remote_sampled = segue::always_off()});
  (void)segue::setup_observability({.service_name = "every_call", .enabled = false, .sampler = sampler});
  (void)segue::flush_observability(std::chrono::seconds(1));
  (void)segue::shutdown_observability(std::chrono::seconds(1));
  (void)segue::observability_stats().dropped_total();
  (void)segue::to_string(segue::DropReason::QueueFull);
}

}  // namespace

int main() {
  set_up();
  carry_contexts();
  carry_baggage();
  record_spans();
  trace_workflows();
  hand_over();
  accept_handoffs();
  say_what_is_recorded();
  run_graph_with_options();
}
