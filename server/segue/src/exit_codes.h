// How the program ends, and how it says why.
#pragma once

#include "segue/base/result.h"

namespace segue::server {

inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

/// Writes "segue: <message>" to standard error and returns `exit_failure`.
int fail(const Error& error);

}  // namespace segue::server
