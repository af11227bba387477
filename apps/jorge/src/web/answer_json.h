// The webhook's answer as JSON.
//
//   {"success":true,"status":"replied","message":"What budget ...","bot":"buyer_bot",
//    "actions":[{"type":"remove_tag","tag":"Needs Qualifying"}, ...],
//    "handoff":{"source_bot":"lead","target_bot":"buyer","outcome":"executed","reason":"buyer_intent_detected"}}
//
// Thread safety: pure functions. Errors: none.
#pragma once

#include <string>

#include "bots/message_handler.h"

namespace jorge {

std::string to_json(const Answer& answer);

}  // namespace jorge
