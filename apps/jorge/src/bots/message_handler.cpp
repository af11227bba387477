#include "bots/message_handler.h"

#include <algorithm>

#include "bots/questionnaire.h"
#include "conversation/contact_rules.h"
#include "segue/base/random.h"
#include "text/log.h"

namespace jorge {
namespace {

using segue::Result;

/// Takes over what the payload knows better than the store.
void update_from(const InboundMessage& message, Conversation& conversation) {
  if (!message.conversation_id.empty()) conversation.conversation_id = message.conversation_id;
  if (!message.first_name.empty()) conversation.answers.insert_or_assign("first_name", message.first_name);
  if (message.tags) conversation.tags = *message.tags;
}

void add_tag(std::vector<std::string>& tags, std::string tag) {
  if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
}

Answer reply(Bot bot, std::string text) {
  Answer answer{.status = "replied", .message = text, .bot = bot};
  answer.actions.push_back({"send_message", std::move(text)});
  return answer;
}

/// `answer` with the handoff it came out of, and with the tags that moved.
Result<Answer> with_handoff(Result<Answer> answer, HandoffReport report) {
  if (!answer) return answer;
  if (report.result.outcome == HandoffOutcome::Executed) {
    answer->actions.push_back({"remove_tag", std::string(owner_tag(report.route.source))});
    answer->actions.push_back({"add_tag", std::string(owner_tag(report.route.target))});
    answer->actions.push_back({"add_tag", handoff_tag(report.route)});
  }
  answer->handoff = std::move(report);
  return answer;
}

template <class State>
State state_for(const Conversation& conversation) {
  State state;
  state.conversation = conversation;
  state.message = conversation.history.back().text;
  return state;
}

}  // namespace

MessageHandler::MessageHandler(ConversationStore& store, GhlClient& crm, HandoffService& handoffs,
                               const BotGraphs& graphs, Clock clock, MessageHandlerOptions options)
    : store_(store),
      crm_(crm),
      handoffs_(handoffs),
      handoff_flow_(handoffs, store, clock),
      graphs_(graphs),
      clock_(std::move(clock)),
      options_(options) {}

Result<Answer> MessageHandler::handle(const InboundMessage& message, Conversation conversation) {
  if (message.is_outbound) return Answer{.status = "ignored", .message = {}};
  const std::string lease = "message:" + message.contact_id + ":" + message.text;
  const std::string owner = std::to_string(segue::random_bits());
  const auto is_first = store_.acquire_lease(lease, owner, clock_(), options_.duplicate_window);
  if (!is_first) return is_first.error();
  if (!*is_first) return Answer{.status = "duplicate", .message = {}};
  auto answer = handle_once(message, std::move(conversation));
  // What failed may be sent again at once; a lease that can't be given back only delays that.
  if (!answer) (void)store_.release_lease(lease, owner);
  return answer;
}

Result<Answer> MessageHandler::handle_once(const InboundMessage& message, Conversation conversation) {
  const bool is_new = conversation.history.empty();
  update_from(message, conversation);
  if (is_new) conversation.owner = first_owner(conversation.tags);
  if (!is_active_for(conversation.tags)) return Answer{.status = "inactive", .message = {}};
  const Message received{Role::Contact, message.text, clock_()};
  conversation.history.push_back(received);
  auto answer = asks_to_opt_out(message.text) ? opt_out(conversation) : answer_with_bots(conversation);
  if (!answer) return answer;
  const std::vector<Message> added = {received, {Role::Bot, answer->message, clock_()}};
  if (auto saved = store_.save(conversation, added); !saved) return saved.error();
  deliver(conversation, *answer);
  return answer;
}

void MessageHandler::deliver(const Conversation& conversation, const Answer& answer) {
  if (!options_.sends_replies) return;
  const auto sent = crm_.send_message(conversation.contact_id, answer.message);
  // The message is handled and stored; failing the webhook would only make the CRM send it again.
  if (!sent) log_warning("a reply was not delivered: " + sent.error().message);
}

Result<Answer> MessageHandler::opt_out(Conversation& conversation) {
  const std::string tag(opted_out_tag);
  if (auto tagged = crm_.add_tags(conversation.contact_id, {tag}); !tagged) return tagged.error();
  add_tag(conversation.tags, tag);
  Answer answer = reply(conversation.owner, "You will get no more messages from us. Take care!");
  answer.status = "opted_out";
  answer.actions.push_back({"add_tag", tag});
  return answer;
}

Result<Answer> MessageHandler::answer_with_bots(Conversation& conversation) {
  if (conversation.history.back().text.empty()) {
    return reply(conversation.owner, "I didn't catch that. Could you say more?");
  }
  if (conversation.owner == Bot::Lead) return answer_as_lead(conversation);
  const auto wanted = handoffs_.wanted_handoff(handoff_question(conversation));
  if (!wanted) return wanted.error();
  if (!*wanted) return answer_as_owner(conversation);
  auto report = handoff_flow_.hand_over(conversation, **wanted);
  if (!report) return report.error();
  return with_handoff(answer_as_owner(conversation), std::move(*report));
}

Result<Answer> MessageHandler::answer_as_lead(Conversation& conversation) {
  auto state = graphs_.run_lead(state_for<LeadState>(conversation));
  if (!state) return state.error();
  conversation = state->conversation;
  if (!state->handoff) return reply(Bot::Lead, std::move(state->response));
  auto report = handoff_flow_.hand_over(conversation, *state->handoff);
  if (!report) return report.error();
  if (report->result.outcome == HandoffOutcome::Executed) {
    return with_handoff(answer_as_owner(conversation), std::move(*report));
  }
  state->conversation = conversation;
  auto replied = graphs_.reply_as_lead(std::move(*state));
  if (!replied) return replied.error();
  conversation = replied->conversation;
  return with_handoff(reply(Bot::Lead, std::move(replied->response)), std::move(*report));
}

Result<Answer> MessageHandler::answer_as_owner(Conversation& conversation) {
  if (conversation.owner == Bot::Buyer) {
    auto state = graphs_.run_buyer(state_for<BuyerState>(conversation));
    if (!state) return state.error();
    conversation = std::move(state->conversation);
    return reply(Bot::Buyer, std::move(state->response));
  }
  auto state = graphs_.run_seller(state_for<SellerState>(conversation));
  if (!state) return state.error();
  conversation = std::move(state->conversation);
  return reply(Bot::Seller, std::move(state->response));
}

}  // namespace jorge
