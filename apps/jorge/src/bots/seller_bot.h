// The seller bot: qualifies somebody who wants to sell with four questions, then offers a visit.
//
//   analyze_seller_intent -> qualify_seller -> generate_seller_response
//
// These are the nodes; `bot_graphs.h` joins them. Thread safety: const after construction; each
// message brings its own state. Errors: none.
#pragma once

#include "bots/bot_state.h"
#include "bots/questionnaire.h"
#include "decoder/seller_scores.h"

namespace jorge {

struct SellerState : BotState {
  SellerScores scores;
};

class SellerBot {
 public:
  SellerBot();

  SellerState analyze_seller_intent(SellerState state) const;
  SellerState qualify_seller(SellerState state) const;
  SellerState generate_seller_response(SellerState state) const;

 private:
  Questionnaire questions_;
};

}  // namespace jorge
