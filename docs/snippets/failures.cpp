#include <iostream>
#include <stdexcept>
#include <string>

#include <segue/segue.h>

struct Showing {
  std::string buyer_id, day;
};

std::string calendar_slot(const std::string& day) {
  if (day == "Sunday") return {};
  if (day.empty()) throw std::invalid_argument("a showing needs a day");
  return day + ", 10:00";
}

std::string schedule_showing(const Showing& showing) {
  std::string slot = calendar_slot(showing.day);  // what it throws is recorded on this node, once, and passes on
  if (slot.empty()) {
    segue::add_workflow_event("showing_scheduling_failed", {{"reason", "no_free_slot"}});
  } else {
    segue::add_workflow_event("showing_scheduled", {{"success", true}});
  }
  return slot;
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  const auto schedule = segue::trace_workflow_node("buyer_bot", "schedule_showing", &schedule_showing);
  for (const char* day : {"Monday", "Sunday", ""}) {
    auto turn = segue::workflow_span("buyer_bot", "answer");
    try {
      std::cout << schedule(Showing{"ben", day}) << "\n";
    } catch (const std::exception& error) {
      segue::add_workflow_event("critical_error", {{"error_type", "invalid_argument"}});
      turn.fail(error);  // this span failed as well, but the exception has its event already
    }
  }
}
