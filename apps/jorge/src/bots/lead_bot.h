// The lead bot: finds out what a new contact wants, and notices when another bot should take over.
//
//   analyze_intent -> check_handoff_signals -> (a handoff is wanted: end)
//                                           -> determine_path -> qualify_intent | generate_cma | nurture
//
// These are the nodes; `bot_graphs.h` joins them. Thread safety: const after construction; each message
// brings its own state. Errors: check_handoff_signals throws std::runtime_error when the store that
// knows what routes have learned can't be read; the graph reports it.
#pragma once

#include <cstdint>
#include <optional>

#include "bots/bot_state.h"
#include "decoder/intent_decoder.h"
#include "handoff/handoff_service.h"

namespace jorge {

enum class LeadPath : std::uint8_t { QualifyIntent, GenerateCma, Nurture };

struct LeadState : BotState {
  LeadIntentProfile profile;
  std::optional<HandoffDecision> handoff;  ///< Set when another bot should take over.
  LeadPath path = LeadPath::Nurture;
};

class LeadBot {
 public:
  explicit LeadBot(HandoffService& handoffs) : handoffs_(handoffs) {}

  LeadState analyze_intent(LeadState state) const;
  LeadState check_handoff_signals(LeadState state) const;
  LeadState determine_path(LeadState state) const;
  LeadState qualify_intent(LeadState state) const;
  LeadState generate_cma(LeadState state) const;
  LeadState nurture(LeadState state) const;

 private:
  HandoffService& handoffs_;
};

}  // namespace jorge
