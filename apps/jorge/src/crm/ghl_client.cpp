#include "crm/ghl_client.h"

#include <thread>

#include <boost/json.hpp>

#include "crm/http_client.h"

namespace jorge {
namespace {

using segue::Errc;
using segue::Error;
using segue::Result;

std::string tags_json(const std::vector<std::string>& tags) {
  return boost::json::serialize(boost::json::object{{"tags", boost::json::value_from(tags)}});
}

Errc error_code_for(long status) {
  if (status == 401 || status == 403) return Errc::Unauthenticated;
  if (status == 404) return Errc::NotFound;
  if (status == 408 || status == 429 || status >= 500) return Errc::Unavailable;
  if (status >= 400) return Errc::InvalidArgument;
  return Errc::Internal;
}

bool is_worth_another_try(const Error& error) {
  return error.code == Errc::Unavailable || error.code == Errc::DeadlineExceeded;
}

}  // namespace

GhlClient::GhlClient(GhlClientOptions options) : options_(std::move(options)) {}

GhlClient::~GhlClient() = default;

HttpCall GhlClient::tags_call(const char* method, std::string_view contact_id,
                              const std::vector<std::string>& tags) const {
  return {.method = method,
          .url = options_.base_url + "/contacts/" + percent_encoded(contact_id) + "/tags",
          .body = tags_json(tags),
          .url_template = "/contacts/{id}/tags"};
}

Result<void> GhlClient::add_tags(std::string_view contact_id, const std::vector<std::string>& tags) {
  return call(tags_call("POST", contact_id, tags));
}

Result<void> GhlClient::remove_tags(std::string_view contact_id, const std::vector<std::string>& tags) {
  return call(tags_call("DELETE", contact_id, tags));
}

Result<void> GhlClient::send_message(std::string_view contact_id, std::string_view text) {
  const boost::json::object message{{"type", "SMS"}, {"contactId", contact_id}, {"message", text}};
  return call({.method = "POST",
               .url = options_.base_url + "/conversations/messages",
               .body = boost::json::serialize(message),
               .url_template = "/conversations/messages"});
}

Result<void> GhlClient::call(const HttpCall& request) {
  HttpCall authorized = request;
  authorized.headers.emplace_back("Accept: application/json");
  if (!options_.api_key.empty()) authorized.headers.push_back("Authorization: Bearer " + options_.api_key);
  auto backoff = options_.first_backoff;
  for (int attempt = 1;; ++attempt) {
    auto outcome = call_once(authorized);
    if (outcome || attempt >= options_.attempts || !is_worth_another_try(outcome.error())) return outcome;
    std::this_thread::sleep_for(backoff);
    backoff *= 2;
  }
}

Result<void> GhlClient::call_once(const HttpCall& request) {
  std::unique_ptr<HttpClient> connection = take_connection();
  const auto answer = connection->send(request);
  give_back(std::move(connection));
  const std::string what = request.method + " " + request.url_template;
  if (!answer) return answer.error().with_context(what);
  if (answer->status >= 200 && answer->status < 300) return {};
  return Error{error_code_for(answer->status), what + ": the CRM answered " + std::to_string(answer->status)};
}

std::unique_ptr<HttpClient> GhlClient::take_connection() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<HttpClient>(options_.timeout);
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void GhlClient::give_back(std::unique_ptr<HttpClient> connection) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

}  // namespace jorge
