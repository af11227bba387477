#include "bots/seller_bot.h"

#include "bots/answers.h"
#include "bots/budget.h"
#include "text/pattern.h"

namespace jorge {
namespace {

std::optional<std::string> find_motivation(std::string_view message) {
  static const Pattern motivation(
      R"(\b(new\s+job|relocat\w*|downsizing|retiring|divorce|inherited|growing\s+family|behind\s+on\s+payments)\b)");
  return motivation.first_capture(message);
}

std::optional<std::string> find_condition(std::string_view message) {
  static const Pattern condition(
      R"(\b(needs\s+(?:some\s+)?work|as[- ]is|fixer|move[- ]in\s+ready|great\s+shape|good\s+shape|renovated)\b)");
  return condition.first_capture(message);
}

std::optional<std::string> find_price(std::string_view message) {
  if (const auto price = find_budget(message)) return std::to_string(price->highest);
  return std::nullopt;
}

std::vector<Question> seller_questions() {
  return {
      {"motivation", "What makes you want to sell, and where would you move?", find_motivation},
      {"timeline", "If we sold it within 30 to 45 days, would that work for you?", find_timeline},
      {"condition", "How is the house: ready to move in, or does it need work?", find_condition},
      {"price", "What price would you be happy with?", find_price},
  };
}

}  // namespace

SellerBot::SellerBot() : questions_(seller_questions()) {}

SellerState SellerBot::analyze_seller_intent(SellerState state) const {
  state.scores = score_seller(state.conversation.history);
  state.conversation.temperature = state.scores.temperature;
  return state;
}

SellerState SellerBot::qualify_seller(SellerState state) const {
  questions_.take_answers(state.message, state.conversation);
  state.conversation.current_step = state.scores.next_qualification_step;
  return state;
}

SellerState SellerBot::generate_seller_response(SellerState state) const {
  if (auto question = questions_.ask_next("I can help you with the sale.", state.conversation)) {
    state.response = as_sms(std::move(*question));
  } else {
    state.response = as_sms("Thank you, that is all I need. Would morning or afternoon suit you for a visit?");
  }
  return state;
}

}  // namespace jorge
