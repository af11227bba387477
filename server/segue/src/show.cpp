#include "show.h"

#include <iostream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "exit_codes.h"
#include "segue/server/http/http_client.h"

namespace segue::server {
namespace {

/// What people type ("localhost:16686/") as a URL to append a path to.
std::string base_url(std::string_view typed) {
  while (typed.ends_with('/')) typed.remove_suffix(1);
  const bool has_scheme = typed.find("://") != std::string_view::npos;
  return (has_scheme ? "" : "http://") + std::string(typed);
}

/// The message of an error answer, or its status where something else than Segue answered.
std::string message_of(const Response& response) {
  boost::system::error_code failure;
  const boost::json::value body = boost::json::parse(response.body, failure);
  const boost::json::value* message = failure ? nullptr : body.find_pointer("/error/message", failure);
  if (message != nullptr && message->is_string()) return std::string(message->get_string());
  return "the answer was HTTP status " + std::to_string(response.status) + "; is this a Segue server?";
}

int show(std::string_view server_url, const std::string& path) {
  const std::string base = base_url(server_url);
  const Result<Response> response = http_request({.url = base + path + "?format=tree"});
  if (!response && response.error().code == Errc::Unavailable) {
    return fail({Errc::Unavailable, "no server at " + base + " (" + response.error().message +
                                        "); start one with `segue serve`, or name it with --server"});
  }
  if (!response) return fail(response.error().with_context(base));
  if (response->status != 200) return fail({Errc::NotFound, base + ": " + message_of(*response)});
  std::cout << response->body << std::flush;
  return std::cout ? exit_success : fail({Errc::IoError, "cannot write to standard output"});
}

}  // namespace

int show_trace(std::string_view server_url, std::string_view trace_id) {
  return show(server_url, "/api/v1/traces/" + encode_url_component(trace_id));
}

int show_journey(std::string_view server_url, std::string_view contact_id) {
  return show(server_url, "/api/v1/journeys/" + encode_url_component(contact_id));
}

}  // namespace segue::server
