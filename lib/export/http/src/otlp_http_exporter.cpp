#include "segue/export/otlp_http_exporter.h"

#include <curl/curl.h>

#include "gzip.h"
#include "http_poster.h"
#include "segue/export/detail/remote.h"
#include "segue/export/request_frame.h"
#include "segue/otlp/json.h"
#include "segue/otlp/response.h"

namespace segue {
namespace {

constexpr std::string_view user_agent = "Segue-OTLP-Exporter-Cpp/" SEGUE_VERSION;

bool is_http_url(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return false;
  return url.starts_with("http://") || url.starts_with("https://");
}

Result<void> validate(const OtlpHttpOptions& options) {
  if (!is_http_url(options.endpoint)) {
    return detail::invalid_option("endpoint: not an http or https URL: " + options.endpoint);
  }
  if (auto checked = detail::check_timeout(options.timeout); !checked) return checked;
  if (auto checked = detail::check_headers(options.headers); !checked) return checked;
  return detail::check_tls_files(options);
}

std::vector<std::string> header_lines(const OtlpHttpOptions& options) {
  const bool is_json = options.protocol == OtlpHttpProtocol::Json;
  std::vector<std::string> lines = {
      "User-Agent: " + std::string(user_agent),
      is_json ? "Content-Type: application/json" : "Content-Type: application/x-protobuf",
      "Expect:",  // no round trip to ask whether the body is welcome
  };
  if (options.compression == OtlpCompression::Gzip) lines.emplace_back("Content-Encoding: gzip");
  // libcurl's way to write a header that has no value is a semicolon.
  for (const auto& [name, value] : options.headers) lines.push_back(value.empty() ? name + ';' : name + ": " + value);
  return lines;
}

/// "HTTP 401: bad key": the receiver's own words where it uses OTLP's form, else what is readable of the body.
std::string describe_refusal(const detail::HttpAnswer& answer, OtlpHttpProtocol protocol) {
  if (answer.status == 0) return answer.problem;
  const auto status = protocol == OtlpHttpProtocol::Json ? otlp::rpc_status_from_json(answer.body)
                                                         : otlp::rpc_status_from_protobuf(answer.body);
  const std::string words =
      detail::printable_excerpt(status && !status->message.empty() ? status->message : answer.body);
  return "HTTP " + std::to_string(answer.status) + (words.empty() ? "" : ": ") + words;
}

ExportResult read_success(const detail::HttpAnswer& answer, OtlpHttpProtocol protocol) {
  return detail::delivered(protocol == OtlpHttpProtocol::Json ? otlp::export_response_from_json(answer.body)
                                                              : otlp::export_response_from_protobuf(answer.body));
}

}  // namespace

struct OtlpHttpExporter::State {
  OtlpHttpProtocol protocol;
  OtlpCompression compression;
  std::unique_ptr<detail::HttpPoster> poster;
  RequestFrame frame;
  detail::GzipCompressor gzip;
  std::string json;

  Result<detail::HttpAnswer> send(const ExportBatch& batch);
  Result<detail::HttpAnswer> send_pieces(std::span<const std::string_view> pieces, std::size_t size);
};

Result<detail::HttpAnswer> OtlpHttpExporter::State::send(const ExportBatch& batch) {
  frame.assign(batch);
  if (protocol == OtlpHttpProtocol::Protobuf) return send_pieces(frame.pieces(), frame.size());
  Result<std::string> text = otlp::request_to_json(frame.joined());
  if (!text) return text.error();
  json = *std::move(text);
  const std::string_view piece = json;
  return send_pieces({&piece, 1}, piece.size());
}

Result<detail::HttpAnswer> OtlpHttpExporter::State::send_pieces(std::span<const std::string_view> pieces,
                                                                std::size_t size) {
  if (compression == OtlpCompression::None) return poster->post(pieces, size);
  const Result<std::string_view> compressed = gzip.compress(pieces);
  if (!compressed) return compressed.error();
  return poster->post({&*compressed, 1}, compressed->size());
}

Result<std::unique_ptr<OtlpHttpExporter>> OtlpHttpExporter::create(const OtlpHttpOptions& options) {
  if (const Result<void> valid = validate(options); !valid) return valid.error().with_context("otlp http exporter");
  auto poster = detail::HttpPoster::create({.url = options.endpoint,
                                            .header_lines = header_lines(options),
                                            .timeout = options.timeout,
                                            .ca_file = options.ca_file,
                                            .client_certificate_file = options.client_certificate_file,
                                            .client_key_file = options.client_key_file});
  if (!poster) return poster.error().with_context("otlp http exporter");
  auto state = std::make_unique<State>();
  state->protocol = options.protocol;
  state->compression = options.compression;
  state->poster = *std::move(poster);
  return std::unique_ptr<OtlpHttpExporter>(new OtlpHttpExporter(std::move(state)));
}

OtlpHttpExporter::OtlpHttpExporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
OtlpHttpExporter::~OtlpHttpExporter() = default;

ExportResult OtlpHttpExporter::export_spans(const ExportBatch& batch) noexcept {
  try {
    const Result<detail::HttpAnswer> answer = state_->send(batch);
    if (!answer) return {.outcome = ExportOutcome::Rejected, .message = answer.error().message};
    if (answer->outcome == ExportOutcome::Delivered) return read_success(*answer, state_->protocol);
    return {.outcome = answer->outcome,
            .retry_after = answer->retry_after,
            .message = describe_refusal(*answer, state_->protocol)};
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

}  // namespace segue
