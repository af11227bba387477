#include "segue/export/zipkin_exporter.h"

#include <utility>

#include "http_options.h"
#include "http_poster.h"
#include "segue/export/request_frame.h"
#include "segue/otlp/decode.h"
#include "zipkin_json.h"

namespace segue {

struct ZipkinExporter::State {
  std::unique_ptr<detail::HttpPoster> poster;
  RequestFrame frame;

  ExportResult send(const ExportBatch& batch);
};

ExportResult ZipkinExporter::State::send(const ExportBatch& batch) {
  frame.assign(batch);
  const std::string request = frame.joined();
  const auto decoded = otlp::decode_request(request);
  if (!decoded) return {.outcome = ExportOutcome::Rejected, .message = decoded.error().message};
  const std::string json = detail::to_zipkin_json(decoded->list.spans);
  const std::string_view piece = json;
  const auto answer = poster->post({&piece, 1}, piece.size());
  if (!answer) return {.outcome = ExportOutcome::Rejected, .message = answer.error().message};
  if (answer->outcome != ExportOutcome::Delivered) return detail::refused(*answer, answer->body);
  return {.rejected_spans = decoded->rejected_spans, .message = decoded->rejection_message};
}

Result<std::unique_ptr<ZipkinExporter>> ZipkinExporter::create(const ZipkinOptions& options) {
  constexpr const char* context = "zipkin exporter";
  if (const auto valid = detail::check_http_options(options); !valid) return valid.error().with_context(context);
  auto poster = detail::HttpPoster::create(detail::poster_options(options, "application/json"));
  if (!poster) return poster.error().with_context(context);
  auto state = std::make_unique<State>();
  state->poster = *std::move(poster);
  return std::unique_ptr<ZipkinExporter>(new ZipkinExporter(std::move(state)));
}

ZipkinExporter::ZipkinExporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
ZipkinExporter::~ZipkinExporter() = default;

ExportResult ZipkinExporter::export_spans(const ExportBatch& batch) noexcept {
  try {
    return state_->send(batch);
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

}  // namespace segue
