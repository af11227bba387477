// The guide on tracing a program, piece by piece.
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <segue/segue.h>

struct Conversation {
  std::string contact_id;
  std::map<std::string, std::string> metadata;
};

void hand_over(Conversation& conversation, bool rate_limited) {
  const std::string& contact_id = conversation.contact_id;
  segue::HandoffSpan handoff = segue::create_handoff_span("lead", "buyer", contact_id, 0.9, "buyer_intent_detected");
  if (rate_limited) return handoff.set_blocked("rate_limit");
  segue::propagate_trace_context(conversation.metadata);
}

void continue_conversation(const Conversation& conversation) {
  auto scope = segue::extract_trace_context(conversation.metadata);
  const auto node = segue::workflow_span("buyer_bot", "qualify_buyer", {.contact_id = conversation.contact_id});
  std::cout << segue::get_trace_id() << "\n";
}

void geocode(const std::vector<std::string>& addresses) {
  segue::ScopedSpan span = segue::default_tracer().start_scoped_span("geocode");
  span.set("address.count", addresses.size());
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots"});
  if (!tracing) std::cerr << tracing.error().message << "\n";
  Conversation conversation = {"maria", {}};
  hand_over(conversation, false);
  continue_conversation(conversation);
  geocode({"1 Main St"});
}
