// Environment variables by OpenTelemetry's rules: empty counts as unset, nonsense is reported and the default used.
//
//   const Environment environment;                       // the process's; or one that also knows a .env file
//   const auto delay = environment.milliseconds("OTEL_BSP_SCHEDULE_DELAY", 5s, {1ms, 1h});
//
// A name must be one of variables.h; where that list gives it an alias, the alias is read when the name is unset, and a
// name of the OTEL_EXPORTER_OTLP_ family gives way to its form for the signal in question, TRACES unless said otherwise. Thread safety: reading, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/base/result.h"
#include "variables.h"

namespace segue::detail {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

class Environment {
 public:
  Environment() = default;
  /// What the process does not set comes from `defaults`.
  explicit Environment(std::map<std::string, std::string, std::less<>> defaults) : defaults_(std::move(defaults)) {}

  struct Found {
    std::string variable;  ///< The name that was set, for messages.
    std::string value;
  };
  /// The variable's form for the signal, the variable itself or its alias, whichever is set first in that order.
  std::optional<Found> find(std::string_view variable) const;

  std::optional<std::string> text(std::string_view variable) const;
  /// This very name, no other form of it.
  std::optional<std::string> exact_text(std::string_view variable) const;

  /// "true" in any case is true, anything else false; reported unless it is "false".
  std::optional<bool> flag(std::string_view variable) const;

  struct Range {
    std::uint64_t low;
    std::uint64_t high;
  };
  /// A whole number within `range`; anything else is reported and `fallback` returned.
  std::uint64_t number(std::string_view variable, std::uint64_t fallback, Range range) const;
  std::chrono::milliseconds milliseconds(std::string_view variable, std::chrono::milliseconds fallback) const;

  /// "key=value,key=value" with percent-encoded values; a malformed list is reported and empty.
  TextPairs pairs(std::string_view variable) const;

  /// Any variable, listed or not and as it stands, for what a configuration file refers to.
  std::optional<std::string> any_text(std::string_view variable) const;

  /// The same, but of the listed variables those of vendors alone: a configuration file stands in for all others.
  Environment with_vendors_alone() const;

  /// The same, asked on behalf of another signal.
  Environment for_signal(Signal signal) const;
  Signal signal() const noexcept { return signal_; }

  /// The names asked for so far, for the test that every listed variable counts.
  const std::set<std::string, std::less<>>& names_read() const noexcept { return names_read_; }

 private:
  std::map<std::string, std::string, std::less<>> defaults_;
  bool has_vendors_alone_ = false;
  Signal signal_ = Signal::Traces;
  mutable std::set<std::string, std::less<>> names_read_;
};

/// Reports a variable whose value is not usable.
void warn_variable(const Environment::Found& found, std::string_view instead);

/// "key=value,key=value" with percent-encoded values; nothing for a malformed list.
std::optional<TextPairs> parse_pairs(std::string_view list);

/// Sets or replaces a pair.
void set_pair(TextPairs& pairs, std::string_view key, std::string value);

std::string to_lower(std::string_view text);
std::string_view trim(std::string_view text) noexcept;

/// The pieces of a list with commas, trimmed, without empty ones.
std::vector<std::string> split_list(std::string_view list);

}  // namespace segue::detail
