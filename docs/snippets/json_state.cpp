#include <optional>
#include <string>
#include <string_view>

#include <segue/segue.h>
#include <boost/json.hpp>

using Json = boost::json::object;

std::string_view text_or_empty(const Json& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

template <>
struct segue::StateFieldsOf<Json> {
  static StateFields get(const Json& state) {
    return state_fields_by_key([&](std::string_view key) { return text_or_empty(state, key); });
  }
};

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  const auto redaction = segue::set_redactor({.contact_ids = segue::ContactIds::Hash, .hash_key = "from the vault"});
  const auto greet = segue::trace_workflow_node("buyer_bot", "greet", [](Json state) {
    state["current_step"] = "budget";
    return state;
  });
  Json state = greet(Json{{"buyer_id", "ben"}, {"current_step", "greeting"}, {"buyer_temperature", "warm"}});
  return redaction && text_or_empty(state, "current_step") == "budget" ? 0 : 1;
}
