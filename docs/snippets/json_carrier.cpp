#include <iostream>
#include <optional>
#include <string_view>

#include <segue/segue.h>
#include <boost/json.hpp>

using Lookup = std::optional<std::string_view>;

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  boost::json::object message = {{"contact_id", "maria"}, {"body", "We want to buy a house"}};
  {
    auto handoff = segue::create_handoff_span("lead", "buyer", "maria", 0.9, "buyer_intent_detected");
    segue::propagate_trace_context([&](std::string_view key, std::string_view value) { message[key] = value; });
  }
  const auto scope = segue::extract_trace_context([&](std::string_view key) -> Lookup {
    const boost::json::value* value = message.if_contains(key);
    return value != nullptr && value->is_string() ? Lookup(value->get_string()) : std::nullopt;
  });
  auto greet = segue::workflow_span("buyer_bot", "greet");  // a child of the handoff
  std::cout << message << "\n";
}
