// What the spans of this module ask before they record something about a person.
#pragma once

#include <string>
#include <string_view>

namespace segue::detail {

/// True if a redactor is set; then strings cannot be recorded as they are.
bool has_redactor() noexcept;

/// `value` as it may be recorded under `key`, empty for not at all. `buffer` holds it where it differs.
std::string_view redacted(std::string_view key, std::string_view value, std::string& buffer) noexcept;

/// The same for a contact's id.
std::string_view redacted_contact(std::string_view key, std::string_view contact_id, std::string& buffer) noexcept;

}  // namespace segue::detail
