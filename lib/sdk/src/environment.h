// Environment variables by OpenTelemetry's rules: empty counts as unset, nonsense is reported and the default used.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace segue::detail {

/// The variable's value, unless it is unset or empty.
std::optional<std::string> read_text(const char* variable);

/// The first of `variables` that is set.
std::optional<std::string> read_first_text(std::initializer_list<const char*> variables);

/// "true" in any case is true, anything else false; reported unless it is "false".
std::optional<bool> read_bool(const char* variable);

/// A whole number within [low, high]; anything else is reported and `fallback` returned.
std::uint64_t read_number(const char* variable, std::uint64_t fallback, std::uint64_t low, std::uint64_t high);

std::chrono::milliseconds read_milliseconds(const char* variable, std::chrono::milliseconds fallback,
                                            std::chrono::milliseconds low, std::chrono::milliseconds high);

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// "key=value,key=value" with percent-encoded values, as in OTEL_RESOURCE_ATTRIBUTES and OTLP headers. A malformed list is
/// reported, naming `variable`, and is empty.
TextPairs parse_pairs(const char* variable, std::string_view list);

/// Reports a variable whose value is not usable.
void warn_variable(const char* variable, std::string_view value, std::string_view instead);

std::string to_lower(std::string_view text);

}  // namespace segue::detail
