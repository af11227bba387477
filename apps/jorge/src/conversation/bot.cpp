#include "conversation/bot.h"

#include <array>

namespace jorge {
namespace {

struct BotNames {
  std::string_view short_name;
  std::string_view bot_name;
  std::string_view owner_tag;
};

constexpr std::array<BotNames, 3> names = {{
    {"lead", "lead_bot", "Needs Qualifying"},
    {"buyer", "buyer_bot", "Buyer-Lead"},
    {"seller", "seller_bot", "Seller-Lead"},
}};

const BotNames& names_of(Bot bot) noexcept { return names[static_cast<std::size_t>(bot)]; }

}  // namespace

std::string_view short_name(Bot bot) noexcept { return names_of(bot).short_name; }
std::string_view bot_name(Bot bot) noexcept { return names_of(bot).bot_name; }
std::string_view owner_tag(Bot bot) noexcept { return names_of(bot).owner_tag; }

std::optional<Bot> bot_from_short_name(std::string_view name) noexcept {
  for (const Bot bot : {Bot::Lead, Bot::Buyer, Bot::Seller}) {
    if (short_name(bot) == name) return bot;
  }
  return std::nullopt;
}

}  // namespace jorge
