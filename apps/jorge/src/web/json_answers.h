// HTTP answers in JSON, errors included, in one shape.
//
//   return error_answer(400, "invalid_argument", "contactId is missing");
//   // {"error":{"code":"invalid_argument","message":"contactId is missing"}}
//
// Thread safety: pure functions. Errors: none.
#pragma once

#include <string_view>

#include "segue/base/result.h"
#include "web/http_server.h"

namespace jorge {

HttpResponse error_answer(unsigned status, std::string_view code, std::string_view message);

/// The answer to a request that failed for `error`: 4xx where the client can help it, else 5xx.
HttpResponse error_answer(const segue::Error& error);

}  // namespace jorge
