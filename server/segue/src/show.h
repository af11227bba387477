// show_trace(), show_journey(): trees from a running server, on standard output.
#pragma once

#include <string>
#include <string_view>

namespace segue::server {

/// Both return the exit code: `exit_failure`, with the reason on standard error, when no server answers at `server_url`
/// or it has no such thing.
int show_trace(std::string_view server_url, std::string_view trace_id);
int show_journey(std::string_view server_url, std::string_view contact_id);

}  // namespace segue::server
