#include "store/conversation_json.h"

#include <boost/json.hpp>

namespace jorge {
namespace {

namespace json = boost::json;

segue::Error damaged(std::string_view what) {
  return {segue::Errc::Corruption, "stored " + std::string(what) + " is not the JSON that was written"};
}

}  // namespace

std::string to_json(const std::vector<std::string>& strings) { return json::serialize(json::value_from(strings)); }

std::string to_json(const std::map<std::string, std::string>& strings) {
  json::object object;
  for (const auto& [key, value] : strings) object[key] = value;
  return json::serialize(object);
}

std::string to_json(const DeferredHandoff& deferred) {
  return json::serialize(json::object{{"target", short_name(deferred.target)},
                                      {"confidence", deferred.confidence},
                                      {"time_ns", to_unix_nanos(deferred.time)}});
}

segue::Result<std::vector<std::string>> string_list_from_json(std::string_view text) {
  boost::system::error_code failure;
  const json::value value = json::parse(text, failure);
  if (failure || !value.is_array()) return damaged("list");
  std::vector<std::string> strings;
  for (const json::value& item : value.get_array()) {
    if (!item.is_string()) return damaged("list");
    strings.emplace_back(item.get_string());
  }
  return strings;
}

segue::Result<std::map<std::string, std::string>> string_map_from_json(std::string_view text) {
  boost::system::error_code failure;
  const json::value value = json::parse(text, failure);
  if (failure || !value.is_object()) return damaged("map");
  std::map<std::string, std::string> strings;
  for (const auto& [key, item] : value.get_object()) {
    if (!item.is_string()) return damaged("map");
    strings.emplace(key, item.get_string());
  }
  return strings;
}

segue::Result<DeferredHandoff> deferred_handoff_from_json(std::string_view text) {
  boost::system::error_code failure;
  const json::value value = json::parse(text, failure);
  if (failure || !value.is_object()) return damaged("deferred handoff");
  const json::object& object = value.get_object();
  const json::value* target = object.if_contains("target");
  const json::value* confidence = object.if_contains("confidence");
  const json::value* time = object.if_contains("time_ns");
  if (target == nullptr || !target->is_string() || confidence == nullptr || !confidence->is_number() ||
      time == nullptr || !time->is_int64()) {
    return damaged("deferred handoff");
  }
  const auto bot = bot_from_short_name(std::string_view(target->get_string()));
  if (!bot) return damaged("deferred handoff");
  return DeferredHandoff{*bot, confidence->to_number<double>(), from_unix_nanos(time->get_int64())};
}

std::int64_t to_unix_nanos(TimePoint time) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

TimePoint from_unix_nanos(std::int64_t nanos) noexcept {
  return TimePoint(std::chrono::duration_cast<TimePoint::duration>(std::chrono::nanoseconds(nanos)));
}

}  // namespace jorge
