// What exporters to a remote receiver share: checks of their options, and making sense of what the receiver says.
//
//   if (const auto checked = detail::check_tls_files(options); !checked) return checked.error();
//   return detail::delivered(otlp::export_response_from_protobuf(body));
//
// Thread safety: pure functions, apart from looking at files. Errors: InvalidArgument and NotFound name the option.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/export/otlp_options.h"
#include "segue/otlp/response.h"

namespace segue::detail {

Error invalid_option(std::string message);

Result<void> check_timeout(std::chrono::milliseconds timeout);

/// Header names and values as HTTP allows them.
Result<void> check_headers(const ExportHeaders& headers);

/// NotFound unless `path` is empty or a readable file; `option` is its name.
Result<void> check_file(std::string_view option, const std::string& path);

/// The three files of any exporter that speaks TLS.
template <class Options>
Result<void> check_tls_files(const Options& options) {
  if (options.client_certificate_file.empty() != options.client_key_file.empty()) {
    return invalid_option("client_certificate_file and client_key_file: one without the other");
  }
  if (auto found = check_file("ca_file", options.ca_file); !found) return found;
  if (auto found = check_file("client_certificate_file", options.client_certificate_file); !found) return found;
  return check_file("client_key_file", options.client_key_file);
}

/// A receiver's words made fit for a log: printable ASCII, at most `longest` bytes.
std::string printable_excerpt(std::string_view words, std::size_t longest = 200);

/// A receiver that said yes has the spans, whatever else it says: an answer that cannot be read rejects nothing.
ExportResult delivered(Result<otlp::ExportResponse> response);

}  // namespace segue::detail
