#include "span_start.h"

#include <array>
#include <new>
#include <optional>
#include <span>
#include <vector>

#include "redacted.h"
#include "segue/base/hex.h"
#include "segue/model/attributes.h"
#include "segue/trace/detail/span_name.h"
#include "segue/workflow/semantic_conventions.h"

namespace segue::detail {
namespace {

constexpr OutcomeSpan::OutcomeKeys workflow_keys{attributes::workflow_success, attributes::workflow_duration_ms, true};

/// An execution id as text: 16 hex digits, the highest first.
class ExecutionId {
 public:
  explicit ExecutionId(std::uint64_t id) noexcept {
    std::array<std::uint8_t, sizeof id> bytes;
    for (std::size_t i = bytes.size(); i-- > 0; id >>= 8) bytes[i] = static_cast<std::uint8_t>(id);
    encode_hex_eight(bytes.data(), text_.data());
  }
  std::string_view view() const noexcept { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 16> text_;
};

bool is_experimental() noexcept { return semantic_conventions() == SemanticConventions::Experimental; }

void set_previous_texts(WorkflowSpan& span, std::span<const std::string_view> texts) noexcept {
  span.set(Attribute{attributes::workflow_execution_previous_ids, texts});
  if (!is_experimental()) return;
  span.set(Attribute{attributes::gen_ai_node_previous_execution_id, texts});
  span.set(attributes::graph_node_parent_id, texts.front());
}

}  // namespace

void add_contact(AttributeList& list, std::string_view key, std::string_view contact_id, std::string& buffer) noexcept {
  if (!contact_id.empty()) list.add_if_given(key, redacted_contact(key, contact_id, buffer));
}

void add_conversation(AttributeList& list, std::string_view conversation_id, std::string& buffer) noexcept {
  if (conversation_id.empty()) return;
  const std::string_view shown = redacted(attributes::workflow_conversation_id, conversation_id, buffer);
  list.add_if_given(attributes::workflow_conversation_id, shown);
  list.add_if_given(attributes::gen_ai_conversation_id, shown);
  list.add_if_given(attributes::session_id, shown);
}

void SpanStart::add_names(AttributeList& list) const noexcept {
  list.add(attributes::workflow_bot_type, bot);
  list.add(attributes::workflow_node_name, node);
  list.add(attributes::gen_ai_agent_name, bot);
  if (!workflow.empty()) {
    list.add(attributes::workflow_name, workflow);
    list.add(attributes::gen_ai_operation_name, "invoke_workflow");
    list.add(attributes::gen_ai_workflow_name, workflow);
  }
  if (!is_experimental()) return;
  list.add(attributes::openinference_span_kind, workflow.empty() ? "CHAIN" : "AGENT");
  if (workflow.empty()) {
    list.add(attributes::gen_ai_step_name, node);
    list.add(attributes::graph_node_name, node);
  }
}

void SpanStart::add_run(AttributeList& list, std::string_view execution_id) const noexcept {
  list.add(attributes::workflow_step, run.step);
  if (run.attempt != 0) list.add(attributes::workflow_attempt, run.attempt);
  list.add(attributes::workflow_execution_id, execution_id);
  if (!is_experimental()) return;
  list.add(attributes::gen_ai_node_execution_id, execution_id);
  list.add(attributes::graph_node_id, execution_id);
}

void SpanStart::set_previous_ids(WorkflowSpan& span) const noexcept {
  if (run.previous_ids.empty() || !span.is_recording()) return;
  if (run.previous_ids.size() == 1) {
    const ExecutionId id(run.previous_ids.front());
    const std::string_view text = id.view();
    return set_previous_texts(span, std::span(&text, 1));
  }
  // Joins may have any number of predecessors, so this is not for the stack; what is allocated serves the next span too.
  try {
    thread_local std::vector<ExecutionId> ids;
    thread_local std::vector<std::string_view> texts;
    ids.clear();
    texts.clear();
    for (const std::uint64_t id : run.previous_ids) ids.emplace_back(id);
    for (const ExecutionId& id : ids) texts.push_back(id.view());
    set_previous_texts(span, texts);
  } catch (const std::bad_alloc&) {
    return;  // the span goes without
  }
}

WorkflowSpan SpanStart::open() const noexcept {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return WorkflowSpan(ScopedSpan(), SpanId(), workflow_keys);
  std::string contact;
  std::string conversation;
  std::optional<ExecutionId> execution_id;  // as long as the list
  AttributeList list;
  add_names(list);
  add_contact(list, attributes::workflow_contact_id, fields.contact_id, contact);
  add_conversation(list, fields.conversation_id, conversation);
  list.add_if_given(attributes::workflow_current_step, fields.current_step);
  list.add_if_given(attributes::workflow_temperature, fields.temperature);
  if (run.execution_id != 0) add_run(list, execution_id.emplace(run.execution_id).view());
  const SpanId parent_id = parent != nullptr ? parent->span.span_id : current_span_context().span_id;
  WorkflowSpan span(
      tracer.start_scoped_span(SpanName{bot, ".", node},
                               {.kind = kind, .parent = parent, .attributes = list.all(), .links = links}),
      parent_id, workflow_keys);
  set_previous_ids(span);
  return span;
}

WorkflowSpan start_node_span(std::string_view bot, std::string_view node, const StateFields& fields,
                             const NodeRun& run) noexcept {
  return SpanStart{.bot = bot, .node = node, .fields = fields, .run = run}.open();
}

}  // namespace segue::detail
