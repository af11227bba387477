#include "segue/export/detail/remote.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace segue::detail {
namespace {

bool is_header_name(std::string_view name) noexcept {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~' && c != ':'; });
}

bool is_header_value(std::string_view value) noexcept {
  return std::ranges::none_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

}  // namespace

Error invalid_option(std::string message) { return {Errc::InvalidArgument, std::move(message)}; }

Result<void> check_timeout(std::chrono::milliseconds timeout) {
  if (timeout < std::chrono::milliseconds(1)) return invalid_option("timeout: must be at least 1 ms");
  return {};
}

Result<void> check_headers(const ExportHeaders& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_header_name(name)) return invalid_option("headers: not a header name: \"" + name + '"');
    if (!is_header_value(value)) return invalid_option("headers: the value of " + name + " has a line break");
  }
  return {};
}

Result<void> check_file(std::string_view option, const std::string& path) {
  if (path.empty() || access(path.c_str(), R_OK) == 0) return {};
  return Error{Errc::NotFound, std::string(option) + ": cannot read " + path};
}

std::string printable_excerpt(std::string_view words, std::size_t longest) {
  std::string excerpt(words.substr(0, longest));
  std::erase_if(excerpt, [](char c) { return c < ' ' || c > '~'; });
  return excerpt;
}

ExportResult delivered(Result<otlp::ExportResponse> response) {
  if (!response) return {};
  const auto rejected = static_cast<std::uint64_t>(std::max<std::int64_t>(response->rejected_spans, 0));
  return {.rejected_spans = rejected, .message = std::move(response->error_message)};
}

}  // namespace segue::detail
