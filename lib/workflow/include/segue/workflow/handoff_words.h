// The words of a handoff: how it ended, what it means for control, where it goes and how.
//
// Thread safety: pure functions. Errors: none.
#pragma once

#include <cstdint>
#include <string_view>

namespace segue {

enum class HandoffOutcome : std::uint8_t {
  Executed,
  Deferred,  ///< To be tried again later.
  Blocked,   ///< A rule refused it: threshold, circular, rate_limit, ...
  Failed,    ///< Tried, and went wrong.
};

enum class HandoffMode : std::uint8_t {
  PassControl,     ///< The target has the contact from now on.
  ReturnToCaller,  ///< The target answers and the source goes on.
};

enum class HandoffTarget : std::uint8_t { Agent, Human, Workflow };

/// How the context gets to the target. A queued handoff is a span of kind Producer.
enum class HandoffCarrier : std::uint8_t { Metadata, Http, Queue, Environment };

/// What travels in baggage, and so onto every request and process behind the handoff.
enum class HandoffBaggage : std::uint8_t {
  None,
  /// workflow.origin_bot, workflow.conversation_id, and workflow.contact_hash if there is a hash key (redaction.h).
  Identity,
};

/// "executed", ... as in the attribute handoff.outcome; the others likewise.
constexpr std::string_view to_string(HandoffOutcome outcome) noexcept {
  switch (outcome) {
    case HandoffOutcome::Executed: return "executed";
    case HandoffOutcome::Deferred: return "deferred";
    case HandoffOutcome::Blocked: return "blocked";
    case HandoffOutcome::Failed: break;
  }
  return "failed";
}

constexpr std::string_view to_string(HandoffMode mode) noexcept {
  return mode == HandoffMode::PassControl ? "pass_control" : "return_to_caller";
}

constexpr std::string_view to_string(HandoffTarget target) noexcept {
  switch (target) {
    case HandoffTarget::Human: return "human";
    case HandoffTarget::Workflow: return "workflow";
    case HandoffTarget::Agent: break;
  }
  return "agent";
}

constexpr std::string_view to_string(HandoffCarrier carrier) noexcept {
  switch (carrier) {
    case HandoffCarrier::Http: return "http";
    case HandoffCarrier::Queue: return "queue";
    case HandoffCarrier::Environment: return "env";
    case HandoffCarrier::Metadata: break;
  }
  return "metadata";
}

}  // namespace segue
