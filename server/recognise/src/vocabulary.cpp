#include "vocabulary.h"

#include <algorithm>

#include "segue/model/attributes.h"

namespace segue::server::detail {
namespace {

struct Spelling {
  std::string_view key;
  Word word;
};

constexpr Spelling spellings[] = {
    {attributes::workflow_bot_type, Word::BotType},
    {attributes::workflow_node_name, Word::NodeName},
    {attributes::workflow_contact_id, Word::ContactId},
    {attributes::workflow_conversation_id, Word::ConversationId},
    {attributes::workflow_name, Word::WorkflowName},
    {attributes::workflow_nodes, Word::WorkflowNodes},
    {attributes::workflow_edges, Word::WorkflowEdges},
    {attributes::workflow_success, Word::WorkflowSuccess},
    {attributes::handoff_source_bot, Word::HandoffSource},
    {attributes::handoff_target_bot, Word::HandoffTarget},
    {attributes::handoff_contact_id, Word::HandoffContact},
    {attributes::handoff_confidence, Word::HandoffConfidence},
    {attributes::handoff_reason, Word::HandoffReason},
    {attributes::handoff_outcome, Word::HandoffOutcome},
    {attributes::jorge_success, Word::OperationSuccess},
    {attributes::error_type, Word::ErrorType},
    {attributes::gen_ai_operation_name, Word::GenAiOperation},
    {attributes::gen_ai_agent_name, Word::GenAiAgent},
    {attributes::gen_ai_conversation_id, Word::GenAiConversation},
    {attributes::gen_ai_workflow_name, Word::GenAiWorkflow},
    {attributes::gen_ai_step_name, Word::GenAiStep},
    {"gen_ai.node.name", Word::GenAiNode},
    {"gen_ai.task.name", Word::GenAiTask},
    {"gen_ai.task.status", Word::GenAiTaskStatus},
    {"gen_ai.tool.name", Word::GenAiTool},
    {"gen_ai.tool.call.id", Word::GenAiToolCall},
    {"gen_ai.provider.name", Word::GenAiProvider},
    {"gen_ai.system", Word::GenAiSystem},
    {"gen_ai.request.model", Word::GenAiRequestModel},
    {"gen_ai.workflow.nodes", Word::GenAiWorkflowNodes},
    {"gen_ai.handoff.from_agent", Word::GenAiHandoffFrom},
    {attributes::gen_ai_handoff_to_agent, Word::GenAiHandoffTo},
    {attributes::gen_ai_handoff_reason, Word::GenAiHandoffReason},
    {"gen_ai.agent.handoff.source.name", Word::AgentHandoffSource},
    {"gen_ai.agent.handoff.target.name", Word::AgentHandoffTarget},
    {attributes::gen_ai_transfer_mode, Word::TransferMode},
    {attributes::gen_ai_transfer_target_name, Word::TransferTarget},
    {attributes::openinference_span_kind, Word::OpenInferenceKind},
    {"agent.name", Word::AgentName},
    {attributes::graph_node_id, Word::GraphNodeId},
    {attributes::graph_node_name, Word::GraphNodeName},
    {"input.value", Word::InputValue},
    {"output.value", Word::OutputValue},
    {attributes::session_id, Word::SessionId},
    {"llm.model_name", Word::LlmModelName},
    {"traceloop.span.kind", Word::TraceloopKind},
    {"traceloop.entity.name", Word::TraceloopEntity},
    {"traceloop.workflow.name", Word::TraceloopWorkflow},
    {"traceloop.association.properties.session_id", Word::TraceloopSession},
    {"traceloop.association.properties.thread_id", Word::TraceloopThread},
    {"langfuse.observation.type", Word::LangfuseType},
    {"langfuse.session.id", Word::LangfuseSession},
    {"langfuse.observation.metadata.langfuse_session_id", Word::LangfuseObservationSession},
    {"langfuse.trace.metadata.langfuse_session_id", Word::LangfuseTraceSession},
    {"langfuse.observation.metadata.langgraph_node", Word::LangfuseObservationNode},
    {"langfuse.trace.metadata.langgraph_node", Word::LangfuseTraceNode},
    {"langfuse.observation.metadata.thread_id", Word::LangfuseObservationThread},
    {"langfuse.trace.metadata.thread_id", Word::LangfuseTraceThread},
    {"ai.telemetry.metadata.sessionId", Word::AiSession},
    {"ai.operationId", Word::AiOperation},
    {"langsmith.span.kind", Word::LangsmithKind},
    {"langsmith.metadata.langgraph_node", Word::LangsmithNode},
    {"langsmith.metadata.thread_id", Word::LangsmithThread},
    {"langsmith.metadata.session_id", Word::LangsmithSession},
    {"langsmith.metadata.conversation_id", Word::LangsmithConversation},
    {"langsmith.metadata.lc_agent_name", Word::LangsmithAgent},
    {"langgraph_node", Word::LangGraphNode},
    {"thread_id", Word::LangGraphThread},
    {"lc_agent_name", Word::LcAgentName},
    {"langgraph.command.source_node", Word::CommandSource},
    {"langgraph.command.goto_node", Word::CommandGoto},
    {"executor.id", Word::ExecutorId},
    {"neograph.node", Word::NeographNode},
    {attributes::http_request_method, Word::HttpMethod},
    {"http.method", Word::HttpMethodOld},
    {"db.system.name", Word::DatabaseSystem},
    {"db.system", Word::DatabaseSystemOld},
    {"messaging.system", Word::MessagingSystem},
    {"rpc.system.name", Word::RpcSystem},
    {"rpc.system", Word::RpcSystemOld},
};
static_assert(std::size(spellings) == static_cast<std::size_t>(Word::Count), "every word has one spelling");

/// A hash table built at compile time: most attributes are none of these words and should cost one probe.
struct Index {
  static constexpr std::size_t slot_count = 512;
  static constexpr std::uint8_t no_entry = 0xff;
  std::array<std::uint8_t, slot_count> slots{};

  static constexpr std::size_t hash(std::string_view key) noexcept {
    std::uint32_t mixed = static_cast<std::uint32_t>(key.size());
    const std::size_t tail = std::min<std::size_t>(key.size(), 12);
    for (std::size_t i = key.size() - tail; i < key.size(); ++i) {
      mixed = (mixed ^ static_cast<std::uint8_t>(key[i])) * 0x01000193U;
    }
    return (mixed ^ mixed >> 15) % slot_count;
  }

  constexpr Index() {
    slots.fill(no_entry);
    for (std::size_t i = 0; i < std::size(spellings); ++i) {
      std::size_t slot = hash(spellings[i].key);
      while (slots[slot] != no_entry) slot = (slot + 1) % slot_count;
      slots[slot] = static_cast<std::uint8_t>(i);
    }
  }

  const Spelling* find(std::string_view key) const noexcept {
    for (std::size_t slot = hash(key); slots[slot] != no_entry; slot = (slot + 1) % slot_count) {
      if (spellings[slots[slot]].key == key) return &spellings[slots[slot]];
    }
    return nullptr;
  }
};

constexpr Index vocabulary_index;

}  // namespace

Words::Words(const AttributeViews& attributes) noexcept {
  for (const AttributeView& attribute : attributes) {
    if (const Spelling* spelling = vocabulary_index.find(attribute.key)) {
      values_[static_cast<std::size_t>(spelling->word)] = &attribute.value;
    }
  }
}

bool Words::has_any(std::initializer_list<Word> words) const noexcept {
  return std::any_of(words.begin(), words.end(), [this](Word word) { return has(word); });
}

std::string_view Words::text(Word word) const noexcept {
  const auto* text = has(word) ? std::get_if<std::string_view>(at(word)) : nullptr;
  return text != nullptr ? *text : std::string_view();
}

std::string_view Words::first(std::initializer_list<Word> words) const noexcept {
  for (const Word word : words) {
    if (const std::string_view found = text(word); !found.empty()) return found;
  }
  return {};
}

bool Words::is_false(Word word) const noexcept {
  const bool* value = has(word) ? std::get_if<bool>(at(word)) : nullptr;
  return value != nullptr && !*value;
}

}  // namespace segue::server::detail
