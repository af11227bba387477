#include "web/answer_json.h"

#include <boost/json.hpp>

namespace jorge {
namespace {

namespace json = boost::json;

json::object action_json(const Action& action) {
  if (action.type == "send_message") {
    return {{"type", action.type}, {"message", action.value}, {"channel", "SMS"}};
  }
  return {{"type", action.type}, {"tag", action.value}};
}

json::object handoff_json(const HandoffReport& handoff) {
  json::object object{{"source_bot", short_name(handoff.route.source)},
                      {"target_bot", short_name(handoff.route.target)},
                      {"outcome", to_string(handoff.result.outcome)},
                      {"reason", handoff.result.reason}};
  if (!handoff.result.blocked_by.empty()) object["blocked_by"] = handoff.result.blocked_by;
  return object;
}

}  // namespace

std::string to_json(const Answer& answer) {
  json::object object{{"success", true}, {"status", answer.status}, {"message", answer.message}};
  if (answer.bot) object["bot"] = bot_name(*answer.bot);
  json::array actions;
  for (const Action& action : answer.actions) actions.push_back(action_json(action));
  object["actions"] = std::move(actions);
  if (answer.handoff) object["handoff"] = handoff_json(*answer.handoff);
  return json::serialize(object);
}

}  // namespace jorge
