#include "bots/bot_graphs.h"

#include <exception>
#include <string>

#include "segue/workflow/node.h"

namespace jorge {
namespace {

using segue::Result;

/// The name of the node that the lead bot has decided to reply with.
std::string path_name(const LeadState& state) {
  switch (state.path) {
    case LeadPath::QualifyIntent: return "qualify_intent";
    case LeadPath::GenerateCma: return "generate_cma";
    case LeadPath::Nurture: break;
  }
  return "nurture";
}

Result<segue::Workflow<LeadState>> lead_workflow(LeadBot& bot) {
  segue::Graph<LeadState> graph("lead_bot");
  graph.add_node("analyze_intent", &LeadBot::analyze_intent, &bot)
      .add_node("check_handoff_signals", &LeadBot::check_handoff_signals, &bot)
      .add_node("determine_path", &LeadBot::determine_path, &bot)
      .add_node("qualify_intent", &LeadBot::qualify_intent, &bot)
      .add_node("generate_cma", &LeadBot::generate_cma, &bot)
      .add_node("nurture", &LeadBot::nurture, &bot)
      .add_edge(segue::graph_start, "analyze_intent")
      .add_edge("analyze_intent", "check_handoff_signals")
      .add_conditional_edges("check_handoff_signals",
                             [](const LeadState& state) { return state.handoff ? "handoff" : "stay"; },
                             {{"handoff", std::string(segue::graph_end)}, {"stay", "determine_path"}})
      .add_conditional_edges(
          "determine_path", &path_name,
          {{"qualify_intent", "qualify_intent"}, {"generate_cma", "generate_cma"}, {"nurture", "nurture"}})
      .add_edge("qualify_intent", segue::graph_end)
      .add_edge("generate_cma", segue::graph_end)
      .add_edge("nurture", segue::graph_end);
  return graph.compile({.name = "process_lead_conversation", .root_span = segue::RootSpan::Enclosing});
}

Result<segue::Workflow<BuyerState>> buyer_workflow(BuyerBot& bot) {
  segue::Graph<BuyerState> graph("buyer_bot");
  graph.add_node("analyze_buyer_intent", &BuyerBot::analyze_buyer_intent, &bot)
      .add_node("qualify_buyer", &BuyerBot::qualify_buyer, &bot)
      .add_node("generate_buyer_response", &BuyerBot::generate_buyer_response, &bot)
      .add_edge(segue::graph_start, "analyze_buyer_intent")
      .add_edge("analyze_buyer_intent", "qualify_buyer")
      .add_edge("qualify_buyer", "generate_buyer_response")
      .add_edge("generate_buyer_response", segue::graph_end);
  return graph.compile({.name = "process_buyer_conversation"});
}

Result<segue::Workflow<SellerState>> seller_workflow(SellerBot& bot) {
  segue::Graph<SellerState> graph("seller_bot");
  graph.add_node("analyze_seller_intent", &SellerBot::analyze_seller_intent, &bot)
      .add_node("qualify_seller", &SellerBot::qualify_seller, &bot)
      .add_node("generate_seller_response", &SellerBot::generate_seller_response, &bot)
      .add_edge(segue::graph_start, "analyze_seller_intent")
      .add_edge("analyze_seller_intent", "qualify_seller")
      .add_edge("qualify_seller", "generate_seller_response")
      .add_edge("generate_seller_response", segue::graph_end);
  return graph.compile({.name = "process_seller_conversation"});
}

/// What `work` gives; what a node throws becomes an error.
template <class Work>
std::invoke_result_t<Work> without_throwing(Work work) {
  try {
    return work();
  } catch (const std::exception& exception) {
    return segue::Error{segue::Errc::Internal, exception.what()};
  }
}

}  // namespace

Result<std::unique_ptr<BotGraphs>> BotGraphs::create(HandoffService& handoffs) {
  std::unique_ptr<BotGraphs> graphs(new BotGraphs(handoffs));
  if (auto compiled = graphs->compile(); !compiled) return compiled.error();
  return graphs;
}

Result<void> BotGraphs::compile() {
  auto lead = lead_workflow(lead_);
  if (!lead) return lead.error().with_context("lead_bot");
  auto buyer = buyer_workflow(buyer_);
  if (!buyer) return buyer.error().with_context("buyer_bot");
  auto seller = seller_workflow(seller_);
  if (!seller) return seller.error().with_context("seller_bot");
  lead_workflow_.emplace(std::move(*lead));
  buyer_workflow_.emplace(std::move(*buyer));
  seller_workflow_.emplace(std::move(*seller));
  return {};
}

Result<LeadState> BotGraphs::run_lead(LeadState state) const {
  return without_throwing([&] { return lead_workflow_->run(std::move(state)); });
}

Result<LeadState> BotGraphs::reply_as_lead(LeadState state) const {
  // Run one by one: a second graph would announce itself on the span where the whole one already is.
  const auto run_node = [this](std::string_view name, auto member, LeadState given) {
    return segue::trace_workflow_node("lead_bot", name, member)(lead_, std::move(given));
  };
  return without_throwing([&]() -> Result<LeadState> {
    state = run_node("determine_path", &LeadBot::determine_path, std::move(state));
    switch (state.path) {
      case LeadPath::QualifyIntent: return run_node("qualify_intent", &LeadBot::qualify_intent, std::move(state));
      case LeadPath::GenerateCma: return run_node("generate_cma", &LeadBot::generate_cma, std::move(state));
      case LeadPath::Nurture: break;
    }
    return run_node("nurture", &LeadBot::nurture, std::move(state));
  });
}

Result<BuyerState> BotGraphs::run_buyer(BuyerState state) const {
  return without_throwing([&] { return buyer_workflow_->run(std::move(state)); });
}

Result<SellerState> BotGraphs::run_seller(SellerState state) const {
  return without_throwing([&] { return seller_workflow_->run(std::move(state)); });
}

}  // namespace jorge
