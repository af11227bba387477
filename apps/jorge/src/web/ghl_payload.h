// What the CRM's webhook sends, in either of its two forms, as one message.
//
//   auto message = parse_ghl_payload(request.body);
//   if (!message) return error_answer(message.error());
//
// Nested: {"type", "contactId", "message": {"type", "body", "direction"}, "contact": {"firstName", "tags"}}.
// Flat:   {"type", "contactId", "messageType", "body", "direction", "tags"}.
// Thread safety: pure functions. Errors: InvalidArgument naming the field. Text over 2000 bytes is cut.
#pragma once

#include <string_view>

#include "conversation/inbound_message.h"
#include "segue/base/result.h"

namespace jorge {

segue::Result<InboundMessage> parse_ghl_payload(std::string_view body);

}  // namespace jorge
