// The environment as a carrier: a bot that runs as a child process continues its parent's trace.
//
//   std::vector<std::string> environment = inherited_environment();      // in the parent
//   propagator.inject(context, EnvironmentWriter(environment));          // TRACEPARENT=00-4bf9...-01
//   posix_spawn(&pid, path, nullptr, nullptr, arguments, c_strings(environment).data());
//
//   const Context parent = propagator.extract(EnvironmentReader());      // in the child
//
// Follows OpenTelemetry's environment variable carriers: names are upper case, other characters than letters, digits and
// underscores become underscores. Thread safety: as getenv has it, no thread may change the environment meanwhile.
// Errors: none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/propagation/carrier.h"

namespace segue {

/// The variable that stands for a field: "traceparent" is TRACEPARENT, "x-b3-traceid" is X_B3_TRACEID.
std::string environment_name(std::string_view key);

/// This process's environment as "NAME=value", for a child to start from.
std::vector<std::string> inherited_environment();

/// What exec and posix_spawn take: the entries' texts and a null at the end. Valid until `entries` changes.
std::vector<char*> c_strings(std::vector<std::string>& entries);

/// Reads this process's environment.
class EnvironmentReader final : public CarrierReader {
 public:
  std::optional<std::string_view> get(std::string_view key) const override;
};

/// Writes into a list of "NAME=value", in which a name comes once.
class EnvironmentWriter final : public CarrierWriter {
 public:
  explicit EnvironmentWriter(std::vector<std::string>& entries) noexcept : entries_(entries) {}
  void set(std::string_view key, std::string_view value) override;

 private:
  std::vector<std::string>& entries_;
};

}  // namespace segue
