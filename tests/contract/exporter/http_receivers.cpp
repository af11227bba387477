// The exporters that post: OTLP/HTTP in both encodings and Zipkin, plain and compressed.
#include <stdexcept>

#include <boost/json.hpp>

#include "exporter_contract.h"
#include "gunzip.h"
#include "loopback_server.h"
#include "segue/export/otlp_http_exporter.h"
#include "segue/export/zipkin_exporter.h"
#include "segue/otlp/json.h"

namespace segue::contract {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using test::LoopbackAnswer;
using test::LoopbackServer;
using Then = LoopbackAnswer::Then;

enum class Format { Protobuf, Json, Zipkin };

struct HttpKind {
  std::string name;
  Format format = Format::Protobuf;
  OtlpCompression compression = OtlpCompression::None;
};

const HttpKind kinds[] = {{"otlp_http_protobuf", Format::Protobuf},
                          {"otlp_http_json", Format::Json},
                          {"zipkin", Format::Zipkin},
                          {"otlp_http_protobuf_gzip", Format::Protobuf, OtlpCompression::Gzip},
                          {"otlp_http_json_gzip", Format::Json, OtlpCompression::Gzip},
                          {"zipkin_gzip", Format::Zipkin, OtlpCompression::Gzip}};

std::unique_ptr<Exporter> make_http_exporter(const HttpKind& kind, const std::string& url) {
  if (kind.format == Format::Zipkin) return *ZipkinExporter::create({.endpoint = url, .compression = kind.compression});
  const auto protocol = kind.format == Format::Json ? OtlpHttpProtocol::Json : OtlpHttpProtocol::Protobuf;
  return *OtlpHttpExporter::create({.endpoint = url, .compression = kind.compression, .protocol = protocol});
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

/// The tags that the mapping adds, read back; the others are attributes.
void read_tags(const json::object& tags, ReceivedSpan& span) {
  const std::string code = text_at(tags, "otel.status_code");
  span.status = code == "ERROR" ? "error" : code == "OK" ? "ok" : "unset";
  span.scope = text_at(tags, "otel.scope.name") + '@' + text_at(tags, "otel.scope.version");
  for (const auto& [key, value] : tags) {
    if (key == "error") {
      span.status_message = value.as_string();
    } else if (!key.starts_with("otel.")) {
      span.attributes[std::string(key)] = std::string(value.as_string());
    }
  }
}

/// `"name": {...}` or the name alone.
std::string event_of(const std::string& annotation) {
  json::error_code failed;
  const json::value read = json::parse('{' + annotation + '}', failed);
  if (failed) return annotation + " {}";
  const auto& [name, attributes] = *read.as_object().begin();
  return std::string(name) + ' ' + json::serialize(attributes);
}

ReceivedSpan from_zipkin(const json::object& object) {
  ReceivedSpan span;
  span.trace_id = text_at(object, "traceId");
  span.span_id = text_at(object, "id");
  span.parent_span_id = text_at(object, "parentId");
  span.name = text_at(object, "name");
  const std::string kind = text_at(object, "kind");
  span.kind = kind == "SERVER" ? "server" : kind == "CLIENT" ? "client" : "internal";
  span.start_micros = object.at("timestamp").to_number<std::uint64_t>();
  span.duration_micros = object.at("duration").to_number<std::uint64_t>();
  span.service = text_at(object.at("localEndpoint").as_object(), "serviceName");
  if (const json::value* annotations = object.if_contains("annotations")) {
    for (const json::value& each : annotations->as_array()) {
      span.events.push_back(event_of(text_at(each.as_object(), "value")));
    }
  }
  if (const json::value* tags = object.if_contains("tags")) read_tags(tags->as_object(), span);
  return span;
}

class HttpReceiver final : public Receiver {
 public:
  explicit HttpReceiver(const HttpKind& kind) : kind_(kind) {}

  std::unique_ptr<Exporter> make_exporter() override { return make_http_exporter(kind_, server_.url("/path")); }

  std::vector<ReceivedSpan> received() const override {
    std::vector<ReceivedSpan> spans;
    for (const auto& request : server_.requests()) {
      const bool is_compressed = request.header("content-encoding") == "gzip";
      if (is_compressed != (kind_.compression == OtlpCompression::Gzip)) throw std::runtime_error("wrong encoding");
      for (ReceivedSpan& span : read(is_compressed ? test::gunzip(request.body) : request.body)) {
        spans.push_back(std::move(span));
      }
    }
    return spans;
  }

  ReceivedSpan carried(ReceivedSpan span) const override {
    if (kind_.format != Format::Zipkin) return span;
    span.links.clear();
    span.schema_url.clear();
    return span;
  }

 private:
  std::vector<ReceivedSpan> read(const std::string& body) const {
    if (kind_.format == Format::Protobuf) return from_otlp(body);
    if (kind_.format == Format::Json) return from_otlp(*otlp::request_from_json(body));
    std::vector<ReceivedSpan> spans;
    const json::value posted = json::parse(body);
    for (const json::value& span : posted.as_array()) spans.push_back(from_zipkin(span.as_object()));
    return spans;
  }

  HttpKind kind_;
  LoopbackServer server_;
};

std::vector<ExporterKind> exporter_kinds() {
  std::vector<ExporterKind> all;
  for (const HttpKind& kind : kinds) {
    all.push_back({kind.name, [kind]() -> std::unique_ptr<Receiver> { return std::make_unique<HttpReceiver>(kind); }});
  }
  return all;
}

std::vector<FailingKind> failing_kinds() {
  std::vector<FailingKind> all;
  for (const HttpKind& kind : kinds) {
    all.push_back({kind.name + "_to_nobody", [kind] {
                     const std::string url = LoopbackServer().url("/path");  // gone at the end of this line
                     return make_http_exporter(kind, url);
                   }});
    all.push_back({kind.name + "_that_hangs_up", [kind]() -> std::unique_ptr<Exporter> {
                     static LoopbackServer rude({{.then = Then::CloseWithoutAnswer}});
                     return make_http_exporter(kind, rude.url("/path"));
                   }});
  }
  return all;
}

Answer answer_of(const HttpKind& kind, std::string name, const LoopbackAnswer& answer, ExportOutcome outcome,
                 std::optional<std::chrono::milliseconds> retry_after = {}) {
  return {std::move(name),
          [kind, answer](const ExportBatch& batch) {
            LoopbackServer server({answer});
            return make_http_exporter(kind, server.url("/path"))->export_spans(batch);
          },
          outcome, retry_after};
}

std::vector<Answer> answers_to(const HttpKind& kind) {
  std::vector<Answer> all;
  for (const int status : {200, 202, 204}) {
    const std::string line = std::to_string(status) + " Fine";
    all.push_back(answer_of(kind, line, {.status_line = line}, ExportOutcome::Delivered));
    // Receivers of other making say all kinds of things.
    for (const char* body : {"ok", "{", "\x0a\x7f", "\xff\xff"}) {
      if (status == 204) continue;
      all.push_back(answer_of(kind, line + body, {.status_line = line, .body = body}, ExportOutcome::Delivered));
    }
  }
  for (const int status :
       {301, 302, 304, 307, 400, 401, 403, 404, 405, 408, 411, 413, 415, 422, 431, 500, 501, 505, 507}) {
    const std::string line = std::to_string(status) + " No";
    all.push_back(answer_of(kind, line, {.status_line = line, .headers = "Retry-After: 3\r\n", .body = "\xff no"},
                            ExportOutcome::Rejected));
  }
  for (const int status : {429, 502, 503, 504}) {
    const std::string line = std::to_string(status) + " Later";
    all.push_back(answer_of(kind, line, {.status_line = line}, ExportOutcome::Retryable));
    all.push_back(answer_of(kind, line + " in 3 s", {.status_line = line, .headers = "Retry-After: 3\r\n"},
                            ExportOutcome::Retryable, 3s));
  }
  return all;
}

std::vector<AnsweringKind> answering_kinds() {
  std::vector<AnsweringKind> all;
  for (const HttpKind& kind : kinds) all.push_back({kind.name, answers_to(kind)});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Http, ExporterContract, testing::ValuesIn(exporter_kinds()), name_of<ExporterKind>);
INSTANTIATE_TEST_SUITE_P(Http, FailingExporterContract, testing::ValuesIn(failing_kinds()), name_of<FailingKind>);
INSTANTIATE_TEST_SUITE_P(Http, AnsweredExporterContract, testing::ValuesIn(answering_kinds()), name_of<AnsweringKind>);

}  // namespace
}  // namespace segue::contract
