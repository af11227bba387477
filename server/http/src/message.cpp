#include "segue/server/http/message.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "segue/base/hex.h"

namespace segue::server {
namespace {

char to_lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

enum class Plus : std::uint8_t { IsPlus, IsSpace };

/// Undoes percent-encoding; empty for a "%" that is not followed by two digits, and for an encoded zero byte.
std::optional<std::string> decode_percent(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::IsSpace) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      std::uint8_t byte = 0;
      const bool is_byte = decode_hex(text.substr(i + 1, 2), std::span(&byte, 1));
      if (!is_byte || byte == 0) return std::nullopt;
      decoded += static_cast<char>(byte);
      i += 2;
    }
  }
  return decoded;
}

/// Calls `use(part)` for the parts of `text` between separators; stops with false when it does.
template <class Use>
bool for_each_part(std::string_view text, char separator, Use use) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!use(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool parse_query(std::string_view query, QueryParameters& parameters) {
  return for_each_part(query, '&', [&](std::string_view pair) {
    if (pair.empty()) return true;
    const std::size_t equals = pair.find('=');
    auto name = decode_percent(pair.substr(0, equals), Plus::IsSpace);
    auto value = decode_percent(equals == std::string_view::npos ? "" : pair.substr(equals + 1), Plus::IsSpace);
    if (!name || !value) return false;
    parameters.add(std::move(*name), std::move(*value));
    return true;
  });
}

bool parse_path(std::string_view path, Request& request) {
  auto whole = decode_percent(path, Plus::IsPlus);
  if (!whole || path.empty() || path.front() != '/') return false;
  request.path = std::move(*whole);
  if (path == "/") return true;
  return for_each_part(path.substr(1), '/', [&](std::string_view segment) {
    auto decoded = decode_percent(segment, Plus::IsPlus);
    if (decoded) request.segments.push_back(std::move(*decoded));
    return decoded.has_value();
  });
}

/// Proxies send "http://host/path"; a server takes the part from the path on (RFC 9112 §3.2.2).
std::string_view without_authority(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos || target.front() == '/') return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return std::ranges::equal(left, right, [](char a, char b) { return to_lower(a) == to_lower(b); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
  for (const NamedValue& field : fields_) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

void Headers::add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }

void Headers::set(std::string name, std::string value) {
  std::erase_if(fields_, [&](const NamedValue& field) { return equals_ignoring_case(field.name, name); });
  add(std::move(name), std::move(value));
}

std::optional<std::string_view> QueryParameters::find(std::string_view name) const noexcept {
  for (const NamedValue& parameter : parameters_) {
    if (parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

void QueryParameters::add(std::string name, std::string value) {
  parameters_.push_back({std::move(name), std::move(value)});
}

bool parse_target(std::string_view target, Request& request) {
  if (target == "*") {
    request.path = target;
    return true;
  }
  target = without_authority(target);
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return parse_path(target, request);
  return parse_path(target.substr(0, question), request) && parse_query(target.substr(question + 1), request.query);
}

}  // namespace segue::server
