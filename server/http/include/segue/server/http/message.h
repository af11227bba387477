// Request and Response: what a handler is given and what it gives back, whatever carries them.
//
//   Response handle(const Request& request) {
//     if (request.path != "/greet") return {.status = 404, .body = "no such page\n"};
//     return {.body = "hello " + std::string(request.query.find("name").value_or("world")) + "\n"};
//   }
//
// Plain values. Thread safety: that of any value. Errors: none; lookups answer an empty optional.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace segue::server {

struct NamedValue {
  std::string name;
  std::string value;
};

/// Header fields in the order they came; names compare without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<NamedValue> fields) : fields_(fields) {}

  /// The first value under `name`.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// Appends a field, also where there is one of that name already.
  void add(std::string name, std::string value);
  /// Replaces every field of that name.
  void set(std::string name, std::string value);

  auto begin() const noexcept { return fields_.begin(); }
  auto end() const noexcept { return fields_.end(); }
  std::size_t size() const noexcept { return fields_.size(); }

 private:
  std::vector<NamedValue> fields_;
};

/// What follows the question mark, decoded ("+" and "%20" are spaces); names compare exactly.
class QueryParameters {
 public:
  /// The first value under `name`; empty text where the name stands alone ("?errors").
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  void add(std::string name, std::string value);

  auto begin() const noexcept { return parameters_.begin(); }
  auto end() const noexcept { return parameters_.end(); }
  std::size_t size() const noexcept { return parameters_.size(); }

 private:
  std::vector<NamedValue> parameters_;
};

struct Request {
  std::string method = {};                 ///< "GET", "POST", ...; HEAD reaches a handler as GET.
  std::string path = {};                   ///< Decoded, begins with "/" (or is "*" for OPTIONS *).
  std::vector<std::string> segments = {};  ///< The path cut at its slashes, then decoded: "%2F" stays inside a segment.
  QueryParameters query = {};
  Headers headers = {};
  std::string body = {};
  std::string peer = {};  ///< "127.0.0.1:50312".
};

struct Response {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";  ///< Empty: no Content-Type field.
  std::string body = {};
  Headers headers = {};  ///< Further fields; Content-Length, Connection and Date are the server's business.
};

/// Fills `path`, `segments` and `query` from a request target such as "/traces/4b?name=a%20b".
/// False, with `request` unspecified, where the target is not well-formed.
bool parse_target(std::string_view target, Request& request);

/// Equality of ASCII text without regard to case, as for header names and media types.
bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

}  // namespace segue::server
