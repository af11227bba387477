#include "response_head.h"

#include <boost/beast/http/status.hpp>
#include <ctime>
#include <ostream>  // used but not included by Boost's string_view

namespace segue::server {
namespace {

void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char letter : value) head += letter == '\r' || letter == '\n' || letter == '\0' ? ' ' : letter;
  head += "\r\n";
}

/// RFC 9110 §5.6.7, e.g. "Sun, 06 Nov 1994 08:49:37 GMT".
std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

/// These never have a body, nor a length (RFC 9110 §8.6).
bool is_bodiless(unsigned status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

std::string response_head(const Response& response, const ResponseFraming& framing) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason) + "\r\n";
  append_field(head, "Date", date_now());
  if (!is_bodiless(response.status)) {
    if (!response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
    append_field(head, "Content-Length", std::to_string(response.body.size()));
  }
  for (const NamedValue& field : response.headers) append_field(head, field.name, field.value);
  if (!framing.keep_alive) {
    append_field(head, "Connection", "close");
  } else if (framing.http_version < 11) {
    append_field(head, "Connection", "keep-alive");
  }
  return head + "\r\n";
}

}  // namespace segue::server
