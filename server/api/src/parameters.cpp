#include "parameters.h"

#include <charconv>
#include <cmath>

#include "segue/server/query/single_line.h"

namespace segue::server {
namespace {

constexpr std::uint32_t default_limit = 50;
constexpr std::uint32_t max_limit = 1000;

/// The whole of `text` as a number, or nothing.
template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string ParameterReader::text(std::string_view name) { return std::string(value_of(name)); }

bool ParameterReader::flag(std::string_view name) {
  const std::optional<std::string_view> value = query_.find(name);
  if (!value || *value == "false" || *value == "0") return false;
  if (!value->empty() && *value != "true" && *value != "1") complain(name, "true or false");
  return true;
}

std::optional<std::uint64_t> ParameterReader::nanos(std::string_view name) {
  const std::string_view value = value_of(name);
  if (value.empty()) return std::nullopt;
  const auto number = parse<std::uint64_t>(value);
  if (!number) complain(name, "a whole number of nanoseconds since 1970");
  return number;
}

std::optional<std::uint64_t> ParameterReader::nanos_from_milliseconds(std::string_view name) {
  constexpr double longest_ms = 1e13;  // three centuries: the rest of the way fits 64 bits of nanoseconds
  const std::string_view value = value_of(name);
  if (value.empty()) return std::nullopt;
  const auto number = parse<double>(value);
  if (number && *number >= 0 && *number <= longest_ms) return static_cast<std::uint64_t>(std::llround(*number * 1e6));
  complain(name, "a number of milliseconds, not negative");
  return std::nullopt;
}

std::uint32_t ParameterReader::limit() {
  const std::string_view value = value_of("limit");
  if (value.empty()) return default_limit;
  const auto number = parse<std::uint32_t>(value);
  if (number && *number >= 1 && *number <= max_limit) return *number;
  complain("limit", "a whole number from 1 to " + std::to_string(max_limit));
  return default_limit;
}

void ParameterReader::require_order(std::string_view low_name, std::optional<std::uint64_t> low,
                                    std::string_view high_name, std::optional<std::uint64_t> high) {
  if (!low || !high || *low <= *high || error_) return;
  error_ = Error{Errc::InvalidArgument, std::string(low_name) + " must not be greater than " + std::string(high_name)};
}

void ParameterReader::complain(std::string_view name, std::string_view expected) {
  if (error_) return;
  constexpr std::size_t shown_bytes = 80;
  const std::string given = to_single_line(value_of(name).substr(0, shown_bytes));
  error_ = Error{Errc::InvalidArgument,
                 std::string(name) + ": expected " + std::string(expected) + ", got \"" + given + '"'};
}

}  // namespace segue::server
