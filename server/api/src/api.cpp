#include "segue/server/api/api.h"

#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "answers.h"
#include "json.h"
#include "metrics.h"
#include "page.h"
#include "parameters.h"
#include "segue/base/clock.h"
#include "segue/server/query/text_tree.h"

namespace segue::server {
namespace json = boost::json;
namespace {

enum class Format : std::uint8_t { Json, Tree };

Result<Format> format_of(const Request& request) {
  const std::string_view format = request.query.find("format").value_or("json");
  if (format == "tree") return Format::Tree;
  if (format == "json" || format.empty()) return Format::Json;
  return Error{Errc::InvalidArgument, "format: expected json or tree"};
}

template <class T>
Response page_answer(std::string_view items_name, const Result<Page<T>>& page) {
  if (!page) return error_answer(page.error());
  json::object answer = {{items_name, to_json_array(page->items)}};
  answer["next_page"] =
      page->next_page_token.empty() ? json::value(nullptr) : json::value(json::string(page->next_page_token));
  return json_answer(answer);
}

}  // namespace

Api::Api(Store& store, MetricSources sources, JourneyLimits limits)
    : store_(store), sources_(std::move(sources)), limits_(limits), started_unix_nanos_(unix_nanos_now()) {}

Response Api::handle(const Request& request) {
  if (request.method != "GET") {
    Response refusal = error_answer(405, "only GET is understood here; spans are received on the OTLP port");
    refusal.headers.set("Allow", "GET, HEAD");
    return refusal;
  }
  if (!request.segments.empty() && request.segments.front() == "api") return route_api(request);
  if (request.path == "/metrics") return metrics();
  return serve_page(request, embedded_files());
}

Response Api::route_api(const Request& request) {
  const std::vector<std::string>& path = request.segments;
  const bool is_ours = path.size() >= 3 && path[1] == "v1";
  if (is_ours && path.size() == 3) {
    if (path[2] == "health") return json_answer(json::object{{"status", "ok"}, {"version", SEGUE_VERSION}});
    if (path[2] == "journeys") return find_journeys(request);
    if (path[2] == "traces") return find_traces(request);
    if (path[2] == "bots") return list_bots();
    if (path[2] == "services") return list_services();
  }
  if (is_ours && path.size() == 4 && !path[3].empty()) {
    if (path[2] == "journeys") return show_journey(request, path[3]);
    if (path[2] == "traces") return show_trace(request, path[3]);
  }
  return error_answer(404, "there is no " + request.path);
}

Response Api::find_journeys(const Request& request) {
  ParameterReader read(request.query);
  const JourneyQuery query = {.contact = read.text("contact"),
                              .bot = read.text("bot"),
                              .node = read.text("node"),
                              .errors_only = read.flag("errors"),
                              .start_unix_nanos = read.nanos("start"),
                              .end_unix_nanos = read.nanos("end"),
                              .limit = read.limit(),
                              .page_token = read.text("page")};
  read.require_order("start", query.start_unix_nanos, "end", query.end_unix_nanos);
  if (read.error()) return error_answer(*read.error());
  return page_answer("journeys", store_.find_journeys(query));
}

Response Api::find_traces(const Request& request) {
  ParameterReader read(request.query);
  const TraceQuery query = {.service = read.text("service"),
                            .name = read.text("name"),
                            .bot = read.text("bot"),
                            .node = read.text("node"),
                            .contact_id = read.text("contact"),
                            .errors_only = read.flag("errors"),
                            .min_duration_nanos = read.nanos_from_milliseconds("min_duration_ms"),
                            .max_duration_nanos = read.nanos_from_milliseconds("max_duration_ms"),
                            .start_unix_nanos = read.nanos("start"),
                            .end_unix_nanos = read.nanos("end"),
                            .limit = read.limit(),
                            .page_token = read.text("page")};
  read.require_order("start", query.start_unix_nanos, "end", query.end_unix_nanos);
  read.require_order("min_duration_ms", query.min_duration_nanos, "max_duration_ms", query.max_duration_nanos);
  if (read.error()) return error_answer(*read.error());
  return page_answer("traces", store_.find_traces(query));
}

Response Api::show_journey(const Request& request, std::string_view contact_id) {
  const Result<Format> format = format_of(request);
  if (!format) return error_answer(format.error());
  const Result<Journey> journey = assemble_journey(store_, contact_id, limits_);
  if (!journey) return error_answer(journey.error());
  if (*format == Format::Tree) return text_answer(render_journey(*journey));
  return json_text_answer(with_span_list(to_json(*journey), journey->spans_by_start()));
}

Response Api::show_trace(const Request& request, std::string_view trace_id) {
  const std::optional<TraceId> id = TraceId::from_hex(trace_id);
  if (!id || !id->is_valid()) {
    return error_answer(Error{Errc::InvalidArgument, "a trace id is 32 hexadecimal digits, not all of them zero"});
  }
  const Result<Format> format = format_of(request);
  if (!format) return error_answer(format.error());
  const Result<SpanList> trace = store_.trace(*id);
  if (!trace) return error_answer(trace.error());
  if (*format == Format::Tree) return text_answer(render_trace(*id, trace->spans));
  std::vector<const SpanView*> spans;
  for (const SpanView& span : trace->spans) spans.push_back(&span);
  return json_text_answer(with_span_list({{"summary", to_json(summarise(*id, trace->spans))}}, spans));
}

Response Api::list_bots() {
  const Result<std::vector<BotNodes>> bots = store_.bots();
  if (!bots) return error_answer(bots.error());
  return json_answer(json::object{{"bots", to_json_array(*bots)}});
}

Response Api::list_services() {
  const Result<std::vector<std::string>> services = store_.services();
  if (!services) return error_answer(services.error());
  return json_answer(json::object{{"services", to_json_array(*services)}});
}

Response Api::metrics() const {
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = render_metrics(store_, sources_, started_unix_nanos_)};
}

Response api_error(const Request& /*head*/, unsigned status, std::string_view message) {
  return error_answer(status, message);
}

}  // namespace segue::server
