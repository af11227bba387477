#include "segue/workflow/detail/run_trace.h"

#include "redacted.h"
#include "segue/base/random.h"
#include "segue/model/attributes.h"
#include "segue/propagation/traceparent.h"
#include "span_start.h"

namespace segue::detail {

Announcement::Announcement(const Topology& topology) : bot_(topology.bot), name_(topology.name) {
  std::vector<std::string> edges;
  std::vector<std::string> conditional_edges;
  for (const Topology::Edge& edge : topology.edges) {
    edges.push_back(edge.from + " -> " + edge.to);
    if (edge.kind == Topology::EdgeKind::Conditional) conditional_edges.push_back(edges.back() + ": " + edge.label);
  }
  std::vector<std::string> subgraphs;
  for (const Topology::Subgraph& subgraph : topology.subgraphs) {
    subgraphs.push_back(subgraph.node + ": " + subgraph.topology->bot + "." + subgraph.topology->name);
  }
  attributes_.add_text(attributes::workflow_name, name_);
  attributes_.add_list(attributes::workflow_nodes, topology.nodes);
  attributes_.add_list(attributes::workflow_edges, std::move(edges));
  if (!conditional_edges.empty()) {
    attributes_.add_list(attributes::workflow_conditional_edges, std::move(conditional_edges));
  }
  if (!subgraphs.empty()) attributes_.add_list(attributes::workflow_subgraphs, std::move(subgraphs));
}

std::uint64_t new_execution_id() noexcept {
  const std::uint64_t id = random_bits();
  return id != 0 ? id : 1;
}

RunTrace::RunTrace(bool has_own_span, const Announcement& announcement, const StateFields& fields,
                   std::string_view resumes) noexcept {
  if (!has_own_span) {
    CurrentSpan().set(announcement.attributes());
    return;
  }
  const Attribute resume_link[] = {{attributes::workflow_link_type, "resume"}};
  SpanContext earlier;
  if (!resumes.empty()) earlier = parse_traceparent(resumes).value_or(SpanContext());
  const Link links[] = {{earlier, resume_link}};
  const SpanStart start{.bot = announcement.bot(),
                        .node = announcement.name(),
                        .fields = fields,
                        .workflow = announcement.name(),
                        .links = links};
  span_.emplace(start.open());
  span_->set(announcement.attributes());
}

Error RunTrace::failed(Error error) noexcept {
  if (span_) span_->fail(error.message, to_string(error.code));
  return error;
}

void RunTrace::failed(const std::exception& exception) noexcept {
  if (span_) span_->fail(exception);
}

void RunTrace::branch_failed(std::string_view node, std::string_view message) noexcept {
  std::string buffer;
  const Attribute about[] = {{attributes::workflow_node_name, node},
                             {attributes::exception_message, redacted(attributes::exception_message, message, buffer)}};
  if (span_) {
    span_->add_event("branch_failed", about);
  } else {
    CurrentSpan().add_event("branch_failed", about);
  }
}

std::string RunTrace::traceparent() const {
  const SpanContext& context = span_ ? span_->context() : current_span_context();
  if (!context.is_valid()) return {};
  TraceparentBuffer buffer;
  return std::string(format_traceparent(context, buffer));
}

}  // namespace segue::detail
