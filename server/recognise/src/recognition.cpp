#include "segue/server/recognise/recognition.h"

#include <algorithm>

#include "roles.h"
#include "segue/model/attributes.h"
#include "vocabulary.h"

namespace segue::server {
namespace {

using detail::Word;
using detail::Words;

std::string_view find_conversation(const Words& words) noexcept {
  return words.first({Word::ConversationId, Word::LangfuseSession, Word::SessionId, Word::GenAiConversation,
                      Word::LangfuseObservationSession, Word::LangfuseTraceSession, Word::AiSession,
                      Word::TraceloopSession, Word::LangsmithThread, Word::LangsmithSession,
                      Word::LangsmithConversation, Word::LangfuseObservationThread, Word::LangfuseTraceThread,
                      Word::TraceloopThread, Word::LangGraphThread, Word::ContactId, Word::HandoffContact});
}

std::string_view find_workflow(const Words& words, Role role) noexcept {
  const std::string_view named = words.first({Word::WorkflowName, Word::GenAiWorkflow, Word::TraceloopWorkflow});
  if (!named.empty() || role != Role::Workflow) return named;
  return words.first({Word::TraceloopEntity, Word::GenAiAgent});
}

std::string_view find_bot(const SpanView& span, const Words& words, Role role) noexcept {
  const std::string_view named = words.first({Word::BotType, Word::GenAiAgent, Word::AgentName, Word::TraceloopWorkflow,
                                              Word::LcAgentName, Word::LangsmithAgent});
  if (!named.empty()) return lane_name(named);
  const bool belongs_to_a_bot = role == Role::Node || role == Role::Workflow || role == Role::Agent;
  // A workflow may announce itself on the request that started it; that does not make the service a bot.
  const bool is_exchange = span.kind == SpanKind::Server || span.kind == SpanKind::Client;
  return belongs_to_a_bot && !is_exchange && span.resource != nullptr ? span.resource->service() : std::string_view();
}

bool find_error(const SpanView& span, const Words& words) noexcept {
  if (span.status == StatusCode::Error || !words.text(Word::ErrorType).empty()) return true;
  if (words.is_false(Word::WorkflowSuccess) || words.is_false(Word::OperationSuccess)) return true;
  if (words.text(Word::GenAiTaskStatus) == "failure") return true;
  return std::any_of(span.events.begin(), span.events.end(),
                     [](const EventView& event) { return event.name == "exception"; });
}

Role find_role(const SpanView& span, const Words& words, bool is_handoff, bool is_node) noexcept {
  if (is_handoff) return Role::Handoff;
  if (detail::is_workflow(span, words)) return Role::Workflow;
  if (detail::is_agent(words)) return Role::Agent;
  return is_node ? Role::Node : detail::find_leaf_role(words);
}

}  // namespace

std::string_view to_string(Role role) noexcept {
  switch (role) {
    case Role::Internal: return "internal";
    case Role::Http: return "http";
    case Role::Node: return "node";
    case Role::Workflow: return "workflow";
    case Role::Agent: return "agent";
    case Role::Handoff: return "handoff";
    case Role::Llm: return "llm";
    case Role::Tool: return "tool";
    case Role::Retrieval: return "retrieval";
    case Role::Database: return "database";
    case Role::Messaging: return "messaging";
    case Role::Rpc: return "rpc";
  }
  return "internal";
}

std::string_view lane_name(std::string_view bot) noexcept {
  if (bot == "lead" || bot == "lead-bot") return "lead_bot";
  if (bot == "buyer" || bot == "buyer-bot") return "buyer_bot";
  if (bot == "seller" || bot == "seller-bot") return "seller_bot";
  if (bot == "human") return "human_bot";
  return bot;
}

Recognition recognise(const SpanView& span) noexcept {
  const Words words(span.attributes);
  Recognition meaning;
  meaning.handoff = detail::find_handoff(span, words);
  if (!meaning.handoff) meaning.node = detail::find_node(span, words);
  meaning.role = find_role(span, words, meaning.handoff.has_value(), !meaning.node.empty());
  meaning.workflow = find_workflow(words, meaning.role);
  meaning.bot = meaning.handoff ? meaning.handoff->source : find_bot(span, words, meaning.role);
  meaning.contact_id = words.first({Word::ContactId, Word::HandoffContact});
  meaning.conversation_id = find_conversation(words);
  meaning.is_error = find_error(span, words);
  return meaning;
}

}  // namespace segue::server
