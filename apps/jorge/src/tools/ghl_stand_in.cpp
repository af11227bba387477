#include "tools/ghl_stand_in.h"

#include <algorithm>
#include <optional>
#include <thread>

#include <boost/json.hpp>

#include "web/json_answers.h"

namespace jorge {
namespace {

namespace json = boost::json;

constexpr std::size_t max_logged_requests = 10'000;

std::optional<json::object> parse_object(std::string_view body) {
  boost::system::error_code failure;
  json::value value = json::parse(body, failure);
  if (failure || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

/// The tags of {"tags":["a","b"]}; nothing if that is not what the body is.
std::optional<std::vector<std::string>> parse_tags(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const json::value* tags = object->if_contains("tags");
  if (tags == nullptr || !tags->is_array()) return std::nullopt;
  std::vector<std::string> names;
  for (const json::value& tag : tags->get_array()) {
    if (!tag.is_string()) return std::nullopt;
    names.emplace_back(tag.get_string());
  }
  return names;
}

/// A non-negative whole number of at most a million; `fallback` where there is none.
int number_or(const json::object& object, std::string_view key, int fallback) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return fallback;
  return static_cast<int>(std::clamp<std::int64_t>(value->get_int64(), 0, 1'000'000));
}

/// The id in "/contacts/{id}{suffix}"; nothing for another path. Ids stay as encoded in the path.
std::optional<std::string> contact_in(std::string_view path, std::string_view suffix) {
  constexpr std::string_view prefix = "/contacts/";
  if (!path.starts_with(prefix) || !path.ends_with(suffix)) return std::nullopt;
  if (path.size() <= prefix.size() + suffix.size()) return std::nullopt;
  const std::string_view id = path.substr(prefix.size(), path.size() - prefix.size() - suffix.size());
  if (id.find('/') != std::string_view::npos) return std::nullopt;
  return std::string(id);
}

}  // namespace

HttpResponse GhlStandIn::handle(const HttpRequest& request) {
  if (request.path() == "/_requests" && request.method == "GET") return list_requests();
  if (request.path() == "/_faults" && request.method == "POST") return set_fault(request);
  const Fault fault = take_fault(request.method);
  if (fault.delay_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(fault.delay_ms));
  HttpResponse response =
      fault.status != 0 ? error_answer(fault.status, "unavailable", "as told by /_faults") : answer(request);
  log(request, response.status);
  return response;
}

HttpResponse GhlStandIn::answer(const HttpRequest& request) {
  const std::string_view path = request.path();
  if (const auto contact_id = contact_in(path, "/tags")) return answer_tags(request, *contact_id);
  const bool is_update = request.method == "PUT" && contact_in(path, "").has_value();
  const bool is_message = request.method == "POST" && path == "/conversations/messages";
  if (!is_update && !is_message) return error_answer(404, "not_found", "the CRM has no such page");
  if (!parse_object(request.body)) return error_answer(400, "invalid_argument", "the body must be a JSON object");
  return {.body = R"({"success":true})"};
}

HttpResponse GhlStandIn::answer_tags(const HttpRequest& request, const std::string& contact_id) {
  const bool is_change = request.method == "POST" || request.method == "DELETE";
  if (!is_change && request.method != "GET") return error_answer(405, "invalid_argument", "use GET, POST or DELETE");
  const auto changes = is_change ? parse_tags(request.body) : std::vector<std::string>();
  if (!changes) return error_answer(400, "invalid_argument", R"(the body must be {"tags":["..."]})");
  const std::lock_guard lock(mutex_);
  std::set<std::string>& tags = tags_[contact_id];
  for (const std::string& tag : *changes) {
    if (request.method == "POST") tags.insert(tag);
    if (request.method == "DELETE") tags.erase(tag);
  }
  return {.body = json::serialize(json::object{{"tags", json::value_from(tags)}})};
}

HttpResponse GhlStandIn::set_fault(const HttpRequest& request) {
  const auto object = parse_object(request.body);
  if (!object) return error_answer(400, "invalid_argument", "the body must be a JSON object");
  Fault fault{.method = {},
              .count = number_or(*object, "count", 1),
              .status = static_cast<unsigned>(number_or(*object, "status", 0)),
              .delay_ms = number_or(*object, "delay_ms", 0)};
  if (const json::value* method = object->if_contains("method"); method != nullptr && method->is_string()) {
    fault.method = std::string(method->get_string());
  }
  if (fault.status != 0 && (fault.status < 400 || fault.status > 599)) {
    return error_answer(400, "invalid_argument", "status must be from 400 to 599, or 0");
  }
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
  return {.body = R"({"success":true})"};
}

HttpResponse GhlStandIn::list_requests() {
  json::array list;
  const std::lock_guard lock(mutex_);
  for (const LoggedRequest& request : requests_) {
    list.push_back(json::object{{"method", request.method},
                                {"path", request.path},
                                {"body", request.body},
                                {"traceparent", request.traceparent},
                                {"status", request.status}});
  }
  return {.body = json::serialize(json::object{{"requests", std::move(list)}})};
}

GhlStandIn::Fault GhlStandIn::take_fault(std::string_view method) {
  const std::lock_guard lock(mutex_);
  const auto fault = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& candidate) {
    return candidate.count > 0 && (candidate.method.empty() || candidate.method == method);
  });
  if (fault == faults_.end()) return {};
  Fault taken = *fault;
  if (--fault->count == 0) faults_.erase(fault);
  return taken;
}

void GhlStandIn::log(const HttpRequest& request, unsigned status) {
  const std::lock_guard lock(mutex_);
  requests_.push_back({std::string(request.method), std::string(request.path()), std::string(request.body),
                       std::string(request.header("traceparent")), status});
  if (requests_.size() > max_logged_requests) requests_.pop_front();
}

}  // namespace jorge
