#include "web/json_answers.h"

#include <boost/json.hpp>

namespace jorge {
namespace {

unsigned http_status(segue::Errc code) {
  switch (code) {
    case segue::Errc::InvalidArgument: return 400;
    case segue::Errc::Unauthenticated: return 401;
    case segue::Errc::NotFound: return 404;
    case segue::Errc::LimitExceeded: return 413;
    case segue::Errc::Unavailable:
    case segue::Errc::DeadlineExceeded: return 503;
    case segue::Errc::Corruption:
    case segue::Errc::IoError:
    case segue::Errc::FailedPrecondition:
    case segue::Errc::Internal: return 500;
  }
  return 500;
}

}  // namespace

HttpResponse error_answer(unsigned status, std::string_view code, std::string_view message) {
  const boost::json::object error{{"code", code}, {"message", message}};
  return {.status = status, .body = boost::json::serialize(boost::json::object{{"error", error}})};
}

HttpResponse error_answer(const segue::Error& error) {
  return error_answer(http_status(error.code), to_string(error.code), error.message);
}

}  // namespace jorge
