#include <chrono>
#include <iostream>
#include <string>

#include <segue/segue.h>

using namespace std::chrono_literals;

/// A row of the table of conversations; the three columns of `trace` are nullable text.
struct Row {
  std::string contact_id;
  segue::TraceColumns trace;
  std::chrono::system_clock::time_point handed_over_at;
};

Row hand_over(const std::string& contact_id) {
  auto handoff = segue::create_handoff_span({.source_bot = "lead",
                                             .target_bot = "buyer",
                                             .contact_id = contact_id,
                                             .confidence = 0.9,
                                             .reason = "buyer_intent_detected",
                                             .carrier = segue::HandoffCarrier::Queue,
                                             .baggage = segue::HandoffBaggage::Identity});
  return {contact_id, segue::current_trace_columns(), std::chrono::system_clock::now()};
}

std::string answer(const Row& row, std::chrono::system_clock::time_point now) {
  auto work = segue::accept_handoff(row.trace, "buyer_bot",
                                    {.contact_id = row.contact_id,
                                     .age = now - row.handed_over_at,
                                     .freshness = {.limit = 15min},
                                     .carrier = segue::HandoffCarrier::Queue});
  return segue::get_trace_id();
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  const Row row = hand_over("maria");
  const std::string fresh = answer(row, row.handed_over_at + 2min);  // the handoff's trace
  const std::string late = answer(row, row.handed_over_at + 72h);    // a new one, linked to the handoff
  std::cout << (fresh != late ? "two traces, one journey" : "one trace") << "\n";
}
