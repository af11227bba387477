// Checks certificates and keys before gRPC gets them: what it cannot use it would report at every call, and as a receiver
// that is away.
//
// Thread safety: a pure function. Errors: InvalidArgument says which of the three is wrong.
#pragma once

#include <string>

#include "segue/base/result.h"

namespace segue::detail {

/// Each is PEM text or empty; the key must be the certificate's, and not protected by a password.
Result<void> check_tls_material(const std::string& ca, const std::string& certificate, const std::string& key);

}  // namespace segue::detail
