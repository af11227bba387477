// The forms every answer of the API takes.
//
// Thread safety: pure functions. Errors: none; text that is not UTF-8 is repaired.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "segue/base/result.h"
#include "segue/server/http/message.h"

namespace segue::server {

Response json_answer(const boost::json::value& value);

/// `text` is JSON already.
Response json_text_answer(std::string text);

Response text_answer(std::string text);

/// The status and code that tell the client what to do, and the error's own message.
Response error_answer(const Error& error);

/// For errors that are HTTP's rather than ours.
Response error_answer(unsigned status, std::string_view message);

}  // namespace segue::server
