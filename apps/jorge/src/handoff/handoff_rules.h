// The rules that say whether a contact may be handed over: thresholds, circles, rates, learning.
//
//   const auto target = wanted_target(Bot::Lead, signals);               // Bot::Buyer
//   const double least = adjusted_threshold({Bot::Lead, *target}, learned);  // 0.7, less what was learned
//
// Thread safety: pure functions. Errors: none; a rule that forbids returns the reason.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "conversation/bot.h"
#include "decoder/intent_signals.h"
#include "store/conversation_store.h"

namespace jorge {

constexpr std::chrono::minutes circular_window{30};
constexpr int max_handoffs_per_hour = 3;
constexpr int max_handoffs_per_day = 10;

struct HandoffRoute {
  Bot source = Bot::Lead;
  Bot target = Bot::Buyer;
};

/// What past outcomes of a route teach: how far its threshold moves, and from how many samples.
struct LearnedAdjustment {
  double adjustment = 0.0;
  double success_rate = 0.0;  ///< 0 below ten samples, when nothing is learned yet.
  int sample_size = 0;
};

/// "lead->buyer"
std::string to_string(HandoffRoute route);

/// "Handoff-Lead-to-Buyer", the CRM tag that marks an executed handoff.
std::string handoff_tag(HandoffRoute route);

/// The confidence a route needs; nothing where there is no such route.
std::optional<double> base_threshold(HandoffRoute route) noexcept;

/// The base threshold moved by what was learned, within 0 and 1; nothing where there is no such route.
std::optional<double> adjusted_threshold(HandoffRoute route, const LearnedAdjustment& learned) noexcept;

/// A route that succeeds more than 80 % of the time needs 0.05 less, one below 50 % needs 0.10 more.
LearnedAdjustment learned_adjustment(const OutcomeCounts& outcomes) noexcept;

/// The bot the signals point to, if it is another than `owner`; equal signals point nowhere.
std::optional<Bot> wanted_target(Bot owner, const IntentSignals& signals) noexcept;

/// Why this handoff would go in a circle, if it would: the same route, or a chain that comes back to the
/// target, within the last 30 minutes of `history` (oldest first).
std::optional<std::string> circular_reason(HandoffRoute route, std::string_view contact_id,
                                           std::span<const HandoffRecord> history, TimePoint now);

/// Why a further handoff would exceed 3 an hour or 10 a day, if it would.
std::optional<std::string> rate_limit_reason(std::string_view contact_id, std::span<const HandoffRecord> history,
                                             TimePoint now);

}  // namespace jorge
