// Whether Jorge answers a contact at all: opt-outs in what it writes, switches in its CRM tags.
//
//   if (asks_to_opt_out(text)) ...               // "Please stop texting me", not "we live at a bus stop"
//   if (!is_active_for(tags)) ...                // a human took over, or nobody switched Jorge on
//
// Thread safety: pure functions. Errors: none. Tags are compared without case and outer blanks.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "conversation/bot.h"

namespace jorge {

/// The tag that keeps Jorge silent from now on.
inline constexpr std::string_view opted_out_tag = "AI-Off";

/// Whether the contact wants no more messages. Whole words only.
bool asks_to_opt_out(std::string_view text);

/// Whether Jorge may answer a contact with these tags: none of the switches off, and one of the switches on
/// or no tag that says otherwise.
bool is_active_for(std::span<const std::string> tags);

/// The bot that owns a contact seen for the first time with these tags.
Bot first_owner(std::span<const std::string> tags);

}  // namespace jorge
