#include <iostream>
#include <string>

#include <segue/segue.h>

struct LeadState {
  std::string lead_id, message, current_step = "start";
  double score = 0;
};

class LeadBot {
 public:
  LeadState analyze_intent(LeadState state) const {
    state.score = state.message.find("buy") != std::string::npos ? 0.9 : 0.2;
    segue::add_workflow_event("intent_analyzed", {{"score", state.score}});
    return state;
  }
};

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  const LeadBot bot;
  const auto analyze = segue::trace_workflow_node("lead_bot", "analyze_intent", &LeadBot::analyze_intent);
  const LeadState state = analyze(bot, LeadState{"maria", "We want to buy a house"});
  std::cout << "score " << state.score << "\n";
}
