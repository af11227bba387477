#include "bots/lead_bot.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "bots/questionnaire.h"
#include "segue/model/attributes.h"
#include "segue/workflow/workflow_span.h"
#include "text/text.h"

namespace jorge {
namespace {

constexpr std::string_view cma_answer = "cma";

bool has_replied_before(const Conversation& conversation) {
  return std::any_of(conversation.history.begin(), conversation.history.end(),
                     [](const Message& message) { return message.role == Role::Bot; });
}

bool asks_about_value(std::string_view message) {
  constexpr std::array<std::string_view, 6> words = {"price",     "value", "worth",
                                                     "zestimate", "comps", "market analysis"};
  const std::string text = lower_ascii(message);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return contains(text, word); });
}

/// "Hi Maria!", or "Hi!" while the name is unknown.
std::string greeting(const Conversation& conversation) {
  const auto name = conversation.answers.find("first_name");
  return name == conversation.answers.end() ? "Hi!" : "Hi " + name->second + "!";
}

LeadIntentProfile analyze_lead_traced(const Conversation& conversation) {
  namespace attributes = segue::attributes;
  segue::WorkflowSpan span =
      segue::workflow_span("intent_decoder", "analyze_lead", {.contact_id = conversation.contact_id});
  LeadIntentProfile profile = analyze_lead(conversation.history);
  span.set(attributes::decoder_conversation_length, conversation.history.size());
  span.set(attributes::decoder_buyer_intent, profile.buyer_intent_confidence);
  span.set(attributes::decoder_seller_intent, profile.seller_intent_confidence);
  return profile;
}

}  // namespace

LeadState LeadBot::analyze_intent(LeadState state) const {
  state.profile = analyze_lead_traced(state.conversation);
  state.conversation.temperature = lower_ascii(to_string(state.profile.readiness.level));
  state.conversation.current_step = "check_handoff_signals";
  return state;
}

LeadState LeadBot::check_handoff_signals(LeadState state) const {
  auto wanted = handoffs_.wanted_handoff(handoff_question(state.conversation));
  if (!wanted) throw std::runtime_error(wanted.error().message);
  state.handoff = std::move(*wanted);
  state.conversation.current_step = state.handoff ? "handoff" : "determine_path";
  return state;
}

LeadState LeadBot::determine_path(LeadState state) const {
  const bool wants_value = state.profile.readiness.is_price_aware || asks_about_value(state.message);
  if (!has_replied_before(state.conversation)) {
    state.path = LeadPath::QualifyIntent;
    state.conversation.current_step = "qualify_intent";
  } else if (wants_value && !state.conversation.answers.contains(std::string(cma_answer))) {
    state.path = LeadPath::GenerateCma;
    state.conversation.current_step = "generate_cma";
  } else {
    state.path = LeadPath::Nurture;
    state.conversation.current_step = "nurture";
  }
  return state;
}

LeadState LeadBot::qualify_intent(LeadState state) const {
  // Worded without the phrases that count as intent: the decoder reads the bot's own messages too.
  state.response = as_sms(greeting(state.conversation) +
                          " Is it a purchase or a sale you have in mind in the Rancho Cucamonga area?");
  return state;
}

LeadState LeadBot::generate_cma(LeadState state) const {
  state.conversation.answers.emplace(cma_answer, "offered");
  state.response =
      as_sms("I can compare your place with what sold nearby and send you the numbers. What is the address?");
  return state;
}

LeadState LeadBot::nurture(LeadState state) const {
  switch (state.profile.readiness.level) {
    case ReadinessLevel::Hot:
      state.response =
          as_sms("Thanks, I hear this matters soon. Would morning or afternoon suit you for a short talk?");
      break;
    case ReadinessLevel::Warm:
      state.response =
          as_sms("Thanks for telling me. What would help you most right now: prices, areas or next steps?");
      break;
    case ReadinessLevel::Lukewarm:
    case ReadinessLevel::Cold:
      state.response = as_sms("No pressure at all. I will keep you posted on the market and you can write any time.");
      break;
  }
  return state;
}

}  // namespace jorge
