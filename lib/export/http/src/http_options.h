// What the exporters of this module share around an HttpPoster: their options, and what they say of a refusal.
//
// Thread safety: pure functions. Errors: InvalidArgument and NotFound name the option.
#pragma once

#include <string>
#include <string_view>

#include "http_poster.h"
#include "segue/base/result.h"
#include "segue/export/detail/remote.h"

namespace segue::detail {

Result<void> check_url(const std::string& endpoint);

/// The options that all exporters of this module have, under the same names.
template <class Options>
Result<void> check_http_options(const Options& options) {
  if (auto checked = check_url(options.endpoint); !checked) return checked;
  if (auto checked = check_timeout(options.timeout); !checked) return checked;
  if (auto checked = check_headers(options.headers); !checked) return checked;
  return check_tls_files(options);
}

std::vector<std::string> header_lines(const ExportHeaders& headers, std::string_view content_type,
                                      OtlpCompression compression);

template <class Options>
HttpPosterOptions poster_options(const Options& options, std::string_view content_type) {
  return {.url = options.endpoint,
          .header_lines = header_lines(options.headers, content_type, options.compression),
          .timeout = options.timeout,
          .compression = options.compression,
          .ca_file = options.ca_file,
          .client_certificate_file = options.client_certificate_file,
          .client_key_file = options.client_key_file};
}

/// What became of a batch that was not delivered: "HTTP 401: bad key", or why there was no answer. `words` is what the
/// receiver said.
ExportResult refused(const HttpAnswer& answer, std::string_view words);

}  // namespace segue::detail
