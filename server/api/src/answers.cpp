#include "answers.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "segue/base/utf8.h"

namespace segue::server {
namespace {

Headers api_headers() { return {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}; }

unsigned status_of(Errc code) noexcept {
  switch (code) {
    case Errc::InvalidArgument:
    case Errc::LimitExceeded: return 400;
    case Errc::Unauthenticated: return 401;
    case Errc::NotFound: return 404;
    case Errc::Unavailable:
    case Errc::DeadlineExceeded: return 503;
    case Errc::Corruption:
    case Errc::IoError:
    case Errc::FailedPrecondition:
    case Errc::Internal: return 500;
  }
  return 500;
}

std::string_view code_of(unsigned status) noexcept {
  if (status == 404) return "not_found";
  if (status == 503) return "unavailable";
  return status >= 500 ? "internal" : "invalid_argument";
}

}  // namespace

Response json_answer(const boost::json::value& value) { return json_text_answer(boost::json::serialize(value)); }

Response json_text_answer(std::string text) {
  return {.content_type = "application/json", .body = std::move(text), .headers = api_headers()};
}

Response text_answer(std::string text) { return {.body = std::move(text), .headers = api_headers()}; }

Response error_answer(const Error& error) { return error_answer(status_of(error.code), error.message); }

Response error_answer(unsigned status, std::string_view message) {
  const std::string_view code = code_of(status);
  const boost::json::object error = {{"code", code}, {"message", to_valid_utf8(std::string(message))}};
  Response response = json_answer(boost::json::object{{"error", error}});
  response.status = status;
  if (status == 503) response.headers.set("Retry-After", "5");
  return response;
}

}  // namespace segue::server
