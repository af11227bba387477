#include "http_options.h"

#include <curl/curl.h>

namespace segue::detail {

Result<void> check_url(const std::string& endpoint) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  const bool is_url = parsed && curl_url_set(parsed.get(), CURLUPART_URL, endpoint.c_str(), 0) == CURLUE_OK;
  if (is_url && (endpoint.starts_with("http://") || endpoint.starts_with("https://"))) return {};
  return invalid_option("endpoint: not an http or https URL: " + endpoint);
}

std::vector<std::string> header_lines(const ExportHeaders& headers, std::string_view content_type,
                                      OtlpCompression compression) {
  std::vector<std::string> lines = {
      "User-Agent: Segue-OTLP-Exporter-Cpp/" SEGUE_VERSION, "Content-Type: " + std::string(content_type),
      "Expect:",  // no round trip to ask whether the body is welcome
  };
  if (compression == OtlpCompression::Gzip) lines.emplace_back("Content-Encoding: gzip");
  // libcurl's way to write a header that has no value is a semicolon.
  for (const auto& [name, value] : headers) lines.push_back(value.empty() ? name + ';' : name + ": " + value);
  return lines;
}

ExportResult refused(const HttpAnswer& answer, std::string_view words) {
  ExportResult result = {.outcome = answer.outcome, .retry_after = answer.retry_after, .message = answer.problem};
  if (answer.status == 0) return result;
  const std::string excerpt = printable_excerpt(words);
  result.message = "HTTP " + std::to_string(answer.status) + (excerpt.empty() ? "" : ": ") + excerpt;
  return result;
}

}  // namespace segue::detail
