#include "segue/export/otlp_http_exporter.h"

#include <utility>

#include "http_options.h"
#include "http_poster.h"
#include "otlp_answer.h"
#include "segue/export/request_frame.h"
#include "segue/otlp/json.h"

namespace segue {

struct OtlpHttpExporter::State {
  OtlpHttpProtocol protocol;
  std::unique_ptr<detail::HttpPoster> poster;
  RequestFrame frame;

  Result<detail::HttpAnswer> send(const ExportBatch& batch);
};

Result<detail::HttpAnswer> OtlpHttpExporter::State::send(const ExportBatch& batch) {
  frame.assign(batch);
  if (protocol == OtlpHttpProtocol::Protobuf) return poster->post(frame.pieces(), frame.size());
  const Result<std::string> json = otlp::request_to_json(frame.joined());
  if (!json) return json.error();
  const std::string_view piece = *json;
  return poster->post({&piece, 1}, piece.size());
}

Result<std::unique_ptr<OtlpHttpExporter>> OtlpHttpExporter::create(const OtlpHttpOptions& options) {
  constexpr const char* context = "otlp http exporter";
  if (const auto valid = detail::check_http_options(options); !valid) return valid.error().with_context(context);
  const bool is_json = options.protocol == OtlpHttpProtocol::Json;
  const char* content_type = is_json ? "application/json" : "application/x-protobuf";
  auto poster = detail::HttpPoster::create(detail::poster_options(options, content_type));
  if (!poster) return poster.error().with_context(context);
  auto state = std::make_unique<State>();
  state->protocol = options.protocol;
  state->poster = *std::move(poster);
  return std::unique_ptr<OtlpHttpExporter>(new OtlpHttpExporter(std::move(state)));
}

OtlpHttpExporter::OtlpHttpExporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
OtlpHttpExporter::~OtlpHttpExporter() = default;

ExportResult OtlpHttpExporter::export_spans(const ExportBatch& batch) noexcept {
  try {
    const Result<detail::HttpAnswer> answer = state_->send(batch);
    if (!answer) return {.outcome = ExportOutcome::Rejected, .message = answer.error().message};
    return detail::read_otlp_answer(*answer, state_->protocol);
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

}  // namespace segue
