// What an exception says about itself, as attributes of an "exception" event.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "segue/trace/attribute.h"

namespace segue::detail {

/// Causes recorded at most; a chain longer than that is cut.
inline constexpr std::size_t max_recorded_causes = 16;

struct ExceptionFacts {
  std::string type;
  std::string message;
  std::vector<std::string> causes;  ///< "type: message" of what `std::throw_with_nested` wrapped, the outer ones first.
};

ExceptionFacts facts_of(const std::exception& exception);
/// Also of what is no std::exception: a text or a C string that was thrown is its own message.
ExceptionFacts facts_of(const std::exception_ptr& exception);

/// True if `pointer` holds this very object, not just an equal one.
bool holds(const std::exception_ptr& pointer, const std::exception& exception) noexcept;

/// The event's attributes; a key that `more` has too is taken from there. Valid as long as all three arguments.
std::vector<Attribute> exception_attributes(const ExceptionFacts& facts, const std::vector<std::string_view>& causes,
                                            Attributes more);

}  // namespace segue::detail
