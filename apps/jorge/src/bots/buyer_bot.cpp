#include "bots/buyer_bot.h"

#include "bots/answers.h"
#include "bots/budget.h"
#include "text/pattern.h"

namespace jorge {
namespace {

std::optional<std::string> find_budget_answer(std::string_view message) {
  if (const auto budget = find_budget(message)) return to_string(*budget);
  return std::nullopt;
}

std::optional<std::string> find_financing(std::string_view message) {
  static const Pattern not_yet(
      R"(\bnot\s+(?:yet\s+)?pre[- ]?(?:approv|qualif)|\bneed\s+(?:a\s+)?(?:lender|loan|mortgage)\b)");
  static const Pattern approved(R"(\bpre[- ]?(?:approv|qualif))");
  static const Pattern cash(R"(\b(?:all\s+cash|cash\s+buyer|paying\s+cash)\b)");
  if (not_yet.is_found_in(message)) return "needs_approval";
  if (approved.is_found_in(message)) return "pre_approved";
  if (cash.is_found_in(message)) return "cash";
  return std::nullopt;
}

std::optional<std::string> find_bedrooms(std::string_view message) {
  static const Pattern bedrooms(R"(\b(\d|one|two|three|four|five|six)[- ]?(?:bed|br\b|bd\b))");
  return bedrooms.first_capture(message);
}

std::vector<Question> buyer_questions() {
  return {
      {"budget", "What budget do you have in mind?", find_budget_answer},
      {"financing", "Are you pre-approved with a lender, or paying cash?", find_financing},
      {"bedrooms", "How many bedrooms do you need?", find_bedrooms},
      {"timeline", "When would you like to move?", find_timeline},
      {"area", "Which part of the Inland Empire do you like best?", find_area},
  };
}

}  // namespace

BuyerBot::BuyerBot() : questions_(buyer_questions()) {}

BuyerState BuyerBot::analyze_buyer_intent(BuyerState state) const {
  state.scores = score_buyer(state.conversation.history);
  state.conversation.temperature = state.scores.temperature;
  return state;
}

BuyerState BuyerBot::qualify_buyer(BuyerState state) const {
  questions_.take_answers(state.message, state.conversation);
  state.conversation.current_step = state.scores.next_qualification_step;
  return state;
}

BuyerState BuyerBot::generate_buyer_response(BuyerState state) const {
  if (auto question = questions_.ask_next("Happy to help you find a home.", state.conversation)) {
    state.response = as_sms(std::move(*question));
  } else if (state.scores.is_qualified()) {
    state.response = as_sms("Thank you, that is all I need. Which day suits you for a first tour?");
  } else {
    state.response = as_sms("Thank you, that helps. I will send you homes that fit; tell me which ones you like.");
  }
  return state;
}

}  // namespace jorge
