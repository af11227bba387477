// ParameterReader: typed query parameters, and one clear complaint about the first that makes no sense.
//
//   ParameterReader read(request.query);
//   const TraceQuery query = {.service = read.text("service"), .errors_only = read.flag("errors")};
//   if (read.error()) return error_response(*read.error());
//
// A parameter that is absent or empty is no condition; one nobody asks for is ignored. Thread safety: none.
// Errors: InvalidArgument, naming the parameter and what it takes; after the first, further ones are not reported.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/server/http/message.h"

namespace segue::server {

class ParameterReader {
 public:
  /// `query` must outlive the reader.
  explicit ParameterReader(const QueryParameters& query) : query_(query) {}

  /// As given, or empty.
  std::string text(std::string_view name);
  /// "true" or "1", "false" or "0"; the bare name means true.
  bool flag(std::string_view name);
  /// A whole number of nanoseconds.
  std::optional<std::uint64_t> nanos(std::string_view name);
  /// Milliseconds, possibly with decimals, as nanoseconds.
  std::optional<std::uint64_t> nanos_from_milliseconds(std::string_view name);
  /// 1 to 1000, by default 50.
  std::uint32_t limit();
  /// Complains unless `low` <= `high`, where both are given.
  void require_order(std::string_view low_name, std::optional<std::uint64_t> low, std::string_view high_name,
                     std::optional<std::uint64_t> high);

  const std::optional<Error>& error() const noexcept { return error_; }

 private:
  std::string_view value_of(std::string_view name) const { return query_.find(name).value_or(std::string_view()); }
  void complain(std::string_view name, std::string_view expected);

  const QueryParameters& query_;
  std::optional<Error> error_ = {};
};

}  // namespace segue::server
