// The three bots as compiled workflow graphs: which node follows which.
//
//   auto graphs = BotGraphs::create(handoffs);
//   if (!graphs) return graphs.error();
//   auto state = (*graphs)->run_buyer({...});
//   if (state) reply(state->response);
//
// Every node is a span because it is in a graph. The lead bot's nodes hang under the caller's span; the buyer and
// seller bots have a span of their own, `buyer_bot.process_buyer_conversation`.
// Thread safety: const after construction; runs may overlap. Errors: what a node throws comes back as Internal.
#pragma once

#include <memory>
#include <optional>

#include "bots/buyer_bot.h"
#include "bots/lead_bot.h"
#include "bots/seller_bot.h"
#include "segue/base/result.h"
#include "segue/workflow/graph.h"

namespace jorge {

class BotGraphs {
 public:
  /// Compiles the graphs; an error is a graph that makes no sense.
  static segue::Result<std::unique_ptr<BotGraphs>> create(HandoffService& handoffs);
  BotGraphs(const BotGraphs&) = delete;
  BotGraphs& operator=(const BotGraphs&) = delete;

  /// Reads the message; ends early, without a response, when `handoff` is set.
  segue::Result<LeadState> run_lead(LeadState state) const;

  /// The rest of the lead bot's nodes, for when the wanted handoff did not come about.
  segue::Result<LeadState> reply_as_lead(LeadState state) const;

  segue::Result<BuyerState> run_buyer(BuyerState state) const;
  segue::Result<SellerState> run_seller(SellerState state) const;

 private:
  explicit BotGraphs(HandoffService& handoffs) : lead_(handoffs) {}
  segue::Result<void> compile();

  LeadBot lead_;
  BuyerBot buyer_;
  SellerBot seller_;
  std::optional<segue::Workflow<LeadState>> lead_workflow_;
  std::optional<segue::Workflow<BuyerState>> buyer_workflow_;
  std::optional<segue::Workflow<SellerState>> seller_workflow_;
};

}  // namespace jorge
