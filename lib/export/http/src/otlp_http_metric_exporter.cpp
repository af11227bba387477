#include "segue/export/otlp_http_metric_exporter.h"

#include "http_options.h"
#include "http_poster.h"
#include "otlp_answer.h"

namespace segue {

struct OtlpHttpMetricExporter::State {
  std::unique_ptr<detail::HttpPoster> poster;
};

Result<std::unique_ptr<OtlpHttpMetricExporter>> OtlpHttpMetricExporter::create(const OtlpHttpOptions& options) {
  constexpr const char* context = "otlp http metric exporter";
  if (options.protocol != OtlpHttpProtocol::Protobuf) {
    return Error{Errc::InvalidArgument, std::string(context) + ": protocol: metrics are sent as protobuf only"};
  }
  if (const auto valid = detail::check_http_options(options); !valid) return valid.error().with_context(context);
  auto poster = detail::HttpPoster::create(detail::poster_options(options, "application/x-protobuf"));
  if (!poster) return poster.error().with_context(context);
  auto state = std::make_unique<State>();
  state->poster = *std::move(poster);
  return std::unique_ptr<OtlpHttpMetricExporter>(new OtlpHttpMetricExporter(std::move(state)));
}

OtlpHttpMetricExporter::OtlpHttpMetricExporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
OtlpHttpMetricExporter::~OtlpHttpMetricExporter() = default;

ExportResult OtlpHttpMetricExporter::export_metrics(std::string_view request) noexcept {
  try {
    const auto answer = state_->poster->post({&request, 1}, request.size());
    if (!answer) return {.outcome = ExportOutcome::Rejected, .message = answer.error().message};
    return detail::read_otlp_answer(*answer, OtlpHttpProtocol::Protobuf);
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

}  // namespace segue
