#include "roles.h"

#include <algorithm>
#include <array>

namespace segue::server::detail {
namespace {

constexpr std::string_view handoff_name_prefix = "handoff.";
constexpr std::string_view handoff_name_middle = "_to_";
constexpr std::string_view open_inference_handoff_prefix = "handoff to ";

struct Ends {
  std::string_view source, target;
};

/// "handoff.lead_to_buyer" -> lead, buyer.
std::optional<Ends> ends_from_name(std::string_view name) noexcept {
  if (!name.starts_with(handoff_name_prefix)) return std::nullopt;
  name.remove_prefix(handoff_name_prefix.size());
  const std::size_t middle = name.rfind(handoff_name_middle);
  if (middle == std::string_view::npos || middle == 0) return std::nullopt;
  const std::string_view target = name.substr(middle + handoff_name_middle.size());
  if (target.empty()) return std::nullopt;
  return Ends{name.substr(0, middle), target};
}

std::string_view or_else(std::string_view preferred, std::string_view fallback) noexcept {
  return preferred.empty() ? fallback : preferred;
}

std::optional<Ends> find_ends(const SpanView& span, const Words& words) noexcept {
  const std::optional<Ends> named = ends_from_name(span.name);
  const Ends own{words.text(Word::HandoffSource), words.text(Word::HandoffTarget)};
  if (named || !own.source.empty() || !own.target.empty()) {
    const Ends fallback = named.value_or(Ends{});
    return Ends{or_else(own.source, fallback.source), or_else(own.target, fallback.target)};
  }
  const Ends declared{words.first({Word::GenAiHandoffFrom, Word::AgentHandoffSource}),
                      words.first({Word::GenAiHandoffTo, Word::AgentHandoffTarget, Word::TransferTarget})};
  if (words.text(Word::GenAiOperation) == "handoff" || words.text(Word::TraceloopKind) == "handoff" ||
      words.has_any({Word::GenAiHandoffFrom, Word::GenAiHandoffTo, Word::AgentHandoffSource, Word::AgentHandoffTarget,
                     Word::TransferMode})) {
    return Ends{or_else(declared.source, words.text(Word::GenAiAgent)), declared.target};
  }
  if (words.text(Word::OpenInferenceKind) == "TOOL" && span.name.starts_with(open_inference_handoff_prefix)) {
    return Ends{words.text(Word::InputValue),
                or_else(words.text(Word::OutputValue), span.name.substr(open_inference_handoff_prefix.size()))};
  }
  if (words.has(Word::CommandGoto)) return Ends{words.text(Word::CommandSource), words.text(Word::CommandGoto)};
  return std::nullopt;
}

std::optional<double> find_confidence(const Words& words) noexcept {
  const ValueView* value = words.at(Word::HandoffConfidence);
  if (value == nullptr) return std::nullopt;
  if (const double* number = std::get_if<double>(value)) return *number;
  if (const std::int64_t* number = std::get_if<std::int64_t>(value)) return static_cast<double>(*number);
  return std::nullopt;
}

struct KindName {
  std::string_view name;
  Role role;
};

template <std::size_t size>
Role role_of(const std::array<KindName, size>& kinds, std::string_view name) noexcept {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindName& kind) { return kind.name == name; });
  return found == kinds.end() ? Role::Internal : found->role;
}

constexpr std::array<KindName, 6> langfuse_types = {{
    {"generation", Role::Llm},
    {"embedding", Role::Llm},
    {"tool", Role::Tool},
    {"retriever", Role::Retrieval},
    {"agent", Role::Agent},
    {"span", Role::Internal},
}};
constexpr std::array<KindName, 6> open_inference_kinds = {{
    {"LLM", Role::Llm},
    {"EMBEDDING", Role::Llm},
    {"TOOL", Role::Tool},
    {"RETRIEVER", Role::Retrieval},
    {"RERANKER", Role::Retrieval},
    {"AGENT", Role::Agent},
}};
constexpr std::array<KindName, 12> gen_ai_operations = {{
    {"chat", Role::Llm},
    {"completion", Role::Llm},
    {"text_completion", Role::Llm},
    {"generate_content", Role::Llm},
    {"generate", Role::Llm},
    {"llm_request", Role::Llm},
    {"embeddings", Role::Llm},
    {"execute_tool", Role::Tool},
    {"retrieval", Role::Retrieval},
    {"vector_db_retrieve", Role::Retrieval},
    {"search_memory", Role::Retrieval},
    {"plan", Role::Internal},
}};
constexpr std::array<KindName, 5> langsmith_kinds = {{
    {"llm", Role::Llm},
    {"embedding", Role::Llm},
    {"tool", Role::Tool},
    {"retriever", Role::Retrieval},
    {"chain", Role::Internal},
}};

Role role_of_ai_operation(std::string_view operation) noexcept {
  if (operation.starts_with("ai.toolCall")) return Role::Tool;
  const bool calls_model =
      operation.starts_with("ai.generate") || operation.starts_with("ai.stream") || operation.starts_with("ai.embed");
  return calls_model ? Role::Llm : Role::Internal;
}

/// The kinds of GenAI work in the order in which Langfuse trusts the vocabularies.
Role find_gen_ai_role(const Words& words) noexcept {
  const Role candidates[] = {
      role_of(langfuse_types, words.text(Word::LangfuseType)),
      role_of(open_inference_kinds, words.text(Word::OpenInferenceKind)),
      role_of(gen_ai_operations, words.text(Word::GenAiOperation)),
      role_of_ai_operation(words.text(Word::AiOperation)),
      role_of(langsmith_kinds, words.text(Word::LangsmithKind)),
      role_of(langsmith_kinds, words.text(Word::TraceloopKind)),
      words.has_any({Word::GenAiTool, Word::GenAiToolCall}) ? Role::Tool : Role::Internal,
      words.has_any({Word::GenAiRequestModel, Word::LlmModelName}) ? Role::Llm : Role::Internal,
  };
  const auto* found =
      std::find_if(std::begin(candidates), std::end(candidates), [](Role role) { return role != Role::Internal; });
  return found == std::end(candidates) ? Role::Internal : *found;
}

}  // namespace

std::optional<HandoffView> find_handoff(const SpanView& span, const Words& words) noexcept {
  const std::optional<Ends> ends = find_ends(span, words);
  if (!ends) return std::nullopt;
  HandoffView handoff;
  handoff.source = lane_name(ends->source);
  handoff.target = lane_name(ends->target);
  handoff.contact_id = words.first({Word::HandoffContact, Word::ContactId});
  handoff.reason = words.first({Word::HandoffReason, Word::GenAiHandoffReason});
  handoff.outcome = words.text(Word::HandoffOutcome);
  handoff.confidence = find_confidence(words);
  return handoff;
}

std::string_view find_node(const SpanView& span, const Words& words) noexcept {
  if (const std::string_view own = words.text(Word::NodeName); !own.empty()) return own;
  const std::string_view operation = words.text(Word::GenAiOperation);
  if (operation == "run_step" || operation == "invoke_node" || operation == "execute_task") {
    const std::string_view step = words.first({Word::GenAiStep, Word::GenAiNode, Word::GenAiTask});
    if (!step.empty()) return step;
  }
  // LangGraph's children inherit its metadata; only the span that bears the node's name is the node.
  for (const Word word :
       {Word::LangsmithNode, Word::LangfuseObservationNode, Word::LangfuseTraceNode, Word::LangGraphNode}) {
    if (!span.name.empty() && words.text(word) == span.name) return span.name;
  }
  if (words.has(Word::GraphNodeId)) return words.first({Word::GraphNodeName, Word::GraphNodeId});
  const std::string_view engine = words.first({Word::ExecutorId, Word::NeographNode});
  if (!engine.empty()) return engine;
  return words.text(Word::TraceloopKind) == "task" ? words.text(Word::TraceloopEntity) : std::string_view();
}

bool is_workflow(const SpanView& span, const Words& words) noexcept {
  const std::string_view operation = words.text(Word::GenAiOperation);
  if (operation == "invoke_workflow" || words.text(Word::TraceloopKind) == "workflow" || span.name == "workflow.run") {
    return true;
  }
  if (operation == "invoke_agent" && words.first({Word::GenAiProvider, Word::GenAiSystem}) == "langgraph") return true;
  if (words.has(Word::NodeName) || words.has(Word::ExecutorId)) return false;
  return words.has_any({Word::WorkflowNodes, Word::WorkflowEdges, Word::WorkflowName, Word::GenAiWorkflowNodes});
}

bool is_agent(const Words& words) noexcept {
  const std::string_view operation = words.text(Word::GenAiOperation);
  return operation == "invoke_agent" || operation == "create_agent" || words.text(Word::TraceloopKind) == "agent" ||
         find_gen_ai_role(words) == Role::Agent;
}

Role find_leaf_role(const Words& words) noexcept {
  if (const Role role = find_gen_ai_role(words); role != Role::Internal) return role;
  if (words.has_any({Word::HttpMethod, Word::HttpMethodOld})) return Role::Http;
  if (words.has_any({Word::DatabaseSystem, Word::DatabaseSystemOld})) return Role::Database;
  if (words.has(Word::MessagingSystem)) return Role::Messaging;
  if (words.has_any({Word::RpcSystem, Word::RpcSystemOld})) return Role::Rpc;
  return Role::Internal;
}

}  // namespace segue::server::detail
