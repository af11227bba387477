// How the parts of a conversation that have no column of their own are written as JSON, and read back.
//
// Thread safety: pure functions. Errors: text that is not the JSON written here is Corruption.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversation.h"
#include "segue/base/result.h"

namespace jorge {

std::string to_json(const std::vector<std::string>& strings);
std::string to_json(const std::map<std::string, std::string>& strings);
std::string to_json(const DeferredHandoff& deferred);

segue::Result<std::vector<std::string>> string_list_from_json(std::string_view json);
segue::Result<std::map<std::string, std::string>> string_map_from_json(std::string_view json);
segue::Result<DeferredHandoff> deferred_handoff_from_json(std::string_view json);

/// Times are stored as nanoseconds since the Unix epoch.
std::int64_t to_unix_nanos(TimePoint time) noexcept;
TimePoint from_unix_nanos(std::int64_t nanos) noexcept;

}  // namespace jorge
