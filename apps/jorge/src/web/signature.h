// Checks that a webhook body was signed with the shared secret: HMAC-SHA256, in hex.
//
//   if (!is_signed_by(secret, request.body, request.header("X-GHL-Signature"))) return error_answer(401, ...);
//
// Thread safety: pure function. Errors: anything that is not the right signature is false; the comparison
// takes the same time wherever the first difference is.
#pragma once

#include <string_view>

namespace jorge {

bool is_signed_by(std::string_view secret, std::string_view body, std::string_view hex_signature);

}  // namespace jorge
