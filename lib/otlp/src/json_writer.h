// Brackets, commas and keys of JSON text. Values: `append_json_x` of the public json.h.
#pragma once

#include <string>
#include <string_view>

namespace segue::otlp {

/// A comma, unless what comes next is the first thing in its container.
inline void append_json_comma(std::string& out) {
  if (out.back() != '{' && out.back() != '[') out += ',';
}

/// The next member's key, which needs no escaping.
inline void append_json_key(std::string& out, std::string_view key) {
  append_json_comma(out);
  out += '"';
  out += key;
  out += "\":";
}

/// An object or array, open until the end of the C++ scope.
template <char opening, char closing>
class BracketScope {
 public:
  explicit BracketScope(std::string& out) : out_(out) { out_ += opening; }
  ~BracketScope() { out_ += closing; }
  BracketScope(const BracketScope&) = delete;
  BracketScope& operator=(const BracketScope&) = delete;

 private:
  std::string& out_;
};

using ObjectScope = BracketScope<'{', '}'>;
using ArrayScope = BracketScope<'[', ']'>;

}  // namespace segue::otlp
