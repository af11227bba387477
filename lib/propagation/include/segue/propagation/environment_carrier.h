// The environment as a carrier: a bot that runs as a child process continues its parent's trace.
//
//   std::vector<std::string> environment = inherited_environment();      // in the parent
//   propagator.inject(context, EnvironmentWriter(environment));          // TRACEPARENT=00-4bf9...-01
//   posix_spawn(&pid, path, nullptr, nullptr, arguments, c_strings(environment).data());
//
//   const Context parent = propagator.extract(EnvironmentReader());      // in the child
//
// Follows OpenTelemetry's environment variable carriers: names are upper case, other characters than letters and digits
// become underscores. Thread safety: as getenv has it, no thread may change the environment meanwhile. Errors: none.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/propagation/carrier.h"

namespace segue {

/// The variable that stands for a field: "traceparent" is TRACEPARENT, "x-b3-traceid" is X_B3_TRACEID.
inline std::string environment_name(std::string_view key) {
  std::string name;
  name.reserve(key.size() + 1);
  if (!key.empty() && key.front() >= '0' && key.front() <= '9') name += '_';  // no name begins with a digit
  for (const char c : key) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += is_lower ? static_cast<char>(c - 'a' + 'A') : is_kept ? c : '_';
  }
  return name;
}

/// This process's environment as "NAME=value", for a child to start from.
inline std::vector<std::string> inherited_environment() {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
  return entries;
}

/// What exec and posix_spawn take: the entries' texts and a null at the end. Valid until `entries` changes.
inline std::vector<char*> c_strings(std::vector<std::string>& entries) {
  std::vector<char*> texts;
  texts.reserve(entries.size() + 1);
  for (std::string& entry : entries) texts.push_back(entry.data());
  texts.push_back(nullptr);
  return texts;
}

/// Reads this process's environment.
class EnvironmentReader final : public CarrierReader {
 public:
  std::optional<std::string_view> get(std::string_view key) const override {
    const char* value = std::getenv(environment_name(key).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string_view(value);
  }
};

/// Writes into a list of "NAME=value", in which a name comes once.
class EnvironmentWriter final : public CarrierWriter {
 public:
  explicit EnvironmentWriter(std::vector<std::string>& entries) noexcept : entries_(entries) {}

  void set(std::string_view key, std::string_view value) override {
    const std::string start = environment_name(key) + '=';
    std::erase_if(entries_, [&](const std::string& entry) { return entry.starts_with(start); });
    entries_.push_back(start + std::string(value));
  }

 private:
  std::vector<std::string>& entries_;
};

}  // namespace segue
