// Answers that more than one bot recognises in a message.
//
// Thread safety: pure functions. Errors: none; nothing recognised is an empty optional.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jorge {

/// A time by which something should happen: "next month", "in 30 days", "this summer", "asap".
std::optional<std::string> find_timeline(std::string_view message);

/// A part of the Inland Empire that Jorge serves.
std::optional<std::string> find_area(std::string_view message);

}  // namespace jorge
