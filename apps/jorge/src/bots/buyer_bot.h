// The buyer bot: qualifies somebody who wants to buy with five questions, then offers a tour.
//
//   analyze_buyer_intent -> qualify_buyer -> generate_buyer_response
//
// These are the nodes; `bot_graphs.h` joins them. Thread safety: const after construction; each
// message brings its own state. Errors: none.
#pragma once

#include "bots/bot_state.h"
#include "bots/questionnaire.h"
#include "decoder/buyer_scores.h"

namespace jorge {

struct BuyerState : BotState {
  BuyerScores scores;
};

class BuyerBot {
 public:
  BuyerBot();

  BuyerState analyze_buyer_intent(BuyerState state) const;
  BuyerState qualify_buyer(BuyerState state) const;
  BuyerState generate_buyer_response(BuyerState state) const;

 private:
  Questionnaire questions_;
};

}  // namespace jorge
