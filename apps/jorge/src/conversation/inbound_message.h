// One message as the CRM's webhook delivered it, whatever form the payload had.
//
// Plain data. Thread safety: none. Errors: none.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jorge {

struct InboundMessage {
  std::string contact_id;
  std::string conversation_id;  ///< Empty where the CRM did not send one.
  std::string first_name;       ///< Empty where the CRM did not send one.
  std::string text;
  bool is_outbound = false;                      ///< A message from the business itself.
  std::optional<std::vector<std::string>> tags;  ///< Nothing where the payload has no tags at all.
};

}  // namespace jorge
