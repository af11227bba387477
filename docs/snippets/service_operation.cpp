#include <string>
#include <vector>

#include <segue/segue.h>

struct Intent {
  double buyer = 0, seller = 0;
};

Intent analyze_lead(const std::vector<std::string>& conversation) {
  auto span = segue::workflow_span("intent_decoder", "analyze_lead");
  const Intent intent{.buyer = 0.85, .seller = 0.1};
  span.set("decoder.conversation_length", conversation.size());
  span.set("decoder.buyer_intent", intent.buyer).set("decoder.seller_intent", intent.seller);
  if (intent.buyer > 0.7) segue::add_workflow_event("buyer_intent_detected", {{"confidence", intent.buyer}});
  if (intent.seller > 0.7) segue::add_workflow_event("seller_intent_detected", {{"confidence", intent.seller}});
  return intent;
}

struct HandoffService {
  bool evaluate(const Intent& intent) const { return intent.buyer > 0.7; }
};

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  const Intent intent = analyze_lead({"Hello", "We want to buy a house"});
  const auto evaluate = segue::trace_operation("jorge.handoff", "evaluate_handoff", &HandoffService::evaluate);
  return evaluate(HandoffService(), intent) ? 0 : 1;
}
