// Words: the attributes of one span that mean something for a journey, found in a single pass.
//
// Each key that any supported vocabulary uses has an enumerator; `Words` holds a pointer to the value of each one the
// span carries. Foreign keys are spelled in vocabulary.cpp and nowhere else.
// Thread safety and errors: plain reading of a const span; none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "segue/model/span_view.h"

namespace segue::server::detail {

// clang-format off: grouped by where the words come from
enum class Word : std::uint8_t {
  // Segue and the original system
  BotType, NodeName, ContactId, ConversationId, WorkflowName, WorkflowNodes, WorkflowEdges, WorkflowSuccess,
  HandoffSource, HandoffTarget, HandoffContact, HandoffConfidence, HandoffReason, HandoffOutcome, OperationSuccess,
  // OpenTelemetry, GenAI and its proposals
  ErrorType, GenAiOperation, GenAiAgent, GenAiConversation, GenAiWorkflow, GenAiStep, GenAiNode, GenAiTask,
  GenAiTaskStatus, GenAiTool, GenAiToolCall, GenAiProvider, GenAiSystem, GenAiRequestModel, GenAiWorkflowNodes,
  GenAiHandoffFrom, GenAiHandoffTo, GenAiHandoffReason, AgentHandoffSource, AgentHandoffTarget, TransferMode,
  TransferTarget,
  // OpenInference
  OpenInferenceKind, AgentName, GraphNodeId, GraphNodeName, InputValue, OutputValue, SessionId, LlmModelName,
  // OpenLLMetry
  TraceloopKind, TraceloopEntity, TraceloopWorkflow, TraceloopSession, TraceloopThread,
  // Langfuse and the Vercel AI SDK
  LangfuseType, LangfuseSession, LangfuseObservationSession, LangfuseTraceSession, LangfuseObservationNode,
  LangfuseTraceNode, LangfuseObservationThread, LangfuseTraceThread, AiSession, AiOperation,
  // LangSmith and LangGraph
  LangsmithKind, LangsmithNode, LangsmithThread, LangsmithSession, LangsmithConversation, LangsmithAgent,
  LangGraphNode, LangGraphThread, LcAgentName, CommandSource, CommandGoto,
  // Other workflow engines
  ExecutorId, NeographNode,
  // General conventions, present and former spelling
  HttpMethod, HttpMethodOld, DatabaseSystem, DatabaseSystemOld, MessagingSystem, RpcSystem, RpcSystemOld,
  Count,
};
// clang-format on

class Words {
 public:
  explicit Words(const AttributeViews& attributes) noexcept;

  bool has(Word word) const noexcept { return at(word) != nullptr; }
  bool has_any(std::initializer_list<Word> words) const noexcept;
  /// The word's text; empty when it is missing or no string.
  std::string_view text(Word word) const noexcept;
  /// The first non-empty text in the order given.
  std::string_view first(std::initializer_list<Word> words) const noexcept;
  bool is_false(Word word) const noexcept;
  const ValueView* at(Word word) const noexcept { return values_[static_cast<std::size_t>(word)]; }

 private:
  std::array<const ValueView*, static_cast<std::size_t>(Word::Count)> values_{};
};

}  // namespace segue::server::detail
