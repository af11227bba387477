#include "handoff/handoff_rules.h"

#include <algorithm>

namespace jorge {
namespace {

constexpr int min_learning_samples = 10;

std::string capitalized(std::string_view name) {
  std::string word(name);
  word.front() = static_cast<char>(word.front() - 'a' + 'A');
  return word;
}

std::span<const HandoffRecord> within(std::span<const HandoffRecord> history, TimePoint now,
                                      std::chrono::minutes window) {
  const auto first = std::find_if(history.begin(), history.end(),
                                  [&](const HandoffRecord& handoff) { return now - handoff.time < window; });
  return history.subspan(static_cast<std::size_t>(first - history.begin()));
}

/// "seller -> buyer -> lead -> buyer": from the present bot back through time, then the wanted target.
std::string chain_text(HandoffRoute route, std::span<const HandoffRecord> recent) {
  std::string chain(short_name(route.source));
  for (auto handoff = recent.rbegin(); handoff != recent.rend(); ++handoff) {
    chain.append(" -> ").append(short_name(handoff->source));
  }
  return chain.append(" -> ").append(short_name(route.target));
}

}  // namespace

std::string to_string(HandoffRoute route) {
  return std::string(short_name(route.source)).append("->").append(short_name(route.target));
}

std::string handoff_tag(HandoffRoute route) {
  return "Handoff-" + capitalized(short_name(route.source)) + "-to-" + capitalized(short_name(route.target));
}

std::optional<double> base_threshold(HandoffRoute route) noexcept {
  if (route.source == Bot::Lead && route.target != Bot::Lead) return 0.7;
  if (route.source == Bot::Buyer && route.target == Bot::Seller) return 0.8;
  if (route.source == Bot::Seller && route.target == Bot::Buyer) return 0.6;
  return std::nullopt;
}

std::optional<double> adjusted_threshold(HandoffRoute route, const LearnedAdjustment& learned) noexcept {
  const auto base = base_threshold(route);
  if (!base) return std::nullopt;
  return std::clamp(*base + learned.adjustment, 0.0, 1.0);
}

LearnedAdjustment learned_adjustment(const OutcomeCounts& outcomes) noexcept {
  LearnedAdjustment learned;
  learned.sample_size = outcomes.samples;
  if (outcomes.samples < min_learning_samples) return learned;
  learned.success_rate = static_cast<double>(outcomes.successful) / outcomes.samples;
  if (learned.success_rate > 0.8) learned.adjustment = -0.05;
  if (learned.success_rate < 0.5) learned.adjustment = 0.10;
  return learned;
}

std::optional<Bot> wanted_target(Bot owner, const IntentSignals& signals) noexcept {
  if (signals.buyer_score == signals.seller_score) return std::nullopt;
  const Bot target = signals.buyer_score > signals.seller_score ? Bot::Buyer : Bot::Seller;
  if (target == owner) return std::nullopt;
  return target;
}

std::optional<std::string> circular_reason(HandoffRoute route, std::string_view contact_id,
                                           std::span<const HandoffRecord> history, TimePoint now) {
  const auto recent = within(history, now, circular_window);
  for (const HandoffRecord& handoff : recent) {
    if (handoff.source == route.source && handoff.target == route.target) {
      return "Circular prevention: " + to_string(route) + " blocked within 30-min window for contact " +
             std::string(contact_id);
    }
  }
  for (const HandoffRecord& handoff : recent) {
    if (handoff.source == route.target || handoff.target == route.target) {
      return "Circular prevention: handoff chain detected for contact " + std::string(contact_id) +
             ". Current chain: " + chain_text(route, recent) + " (would create cycle)";
    }
  }
  return std::nullopt;
}

std::optional<std::string> rate_limit_reason(std::string_view contact_id, std::span<const HandoffRecord> history,
                                             TimePoint now) {
  const auto last_hour = within(history, now, std::chrono::hours(1)).size();
  if (last_hour >= max_handoffs_per_hour) {
    return "Rate limit: 3 handoffs per hour reached for contact " + std::string(contact_id);
  }
  const auto last_day = within(history, now, std::chrono::hours(24)).size();
  if (last_day >= max_handoffs_per_day) {
    return "Rate limit: 10 handoffs per 24 hours reached for contact " + std::string(contact_id);
  }
  return std::nullopt;
}

}  // namespace jorge
