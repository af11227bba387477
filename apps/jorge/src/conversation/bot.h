// The three bots and their names: "lead" in routes and reasons, "lead_bot" in spans and answers.
//
// Thread safety: pure functions. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace jorge {

enum class Bot : std::uint8_t { Lead, Buyer, Seller };

/// "lead", "buyer" or "seller".
std::string_view short_name(Bot bot) noexcept;

/// "lead_bot", "buyer_bot" or "seller_bot".
std::string_view bot_name(Bot bot) noexcept;

/// The bot of that short name, if there is one.
std::optional<Bot> bot_from_short_name(std::string_view name) noexcept;

/// The CRM tag a contact carries while this bot owns it.
std::string_view owner_tag(Bot bot) noexcept;

}  // namespace jorge
