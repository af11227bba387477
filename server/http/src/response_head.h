// The status line and header fields of an answer, as they go over the wire.
//
// Pure functions. Errors: none; characters that would break out of a field become spaces.
#pragma once

#include <string>

#include "segue/server/http/message.h"

namespace segue::server {

/// What the connection, not the handler, decides about an answer.
struct ResponseFraming {
  bool with_body = true;  ///< False for HEAD: the length is told, the body left out.
  bool keep_alive = false;
  unsigned http_version = 11;
};

/// Ends with the empty line after which the body follows.
std::string response_head(const Response& response, const ResponseFraming& framing);

}  // namespace segue::server
