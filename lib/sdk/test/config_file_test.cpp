#include "config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace segue::detail {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::optional<std::string> look_up(std::string_view name) {
  static const std::map<std::string, std::string, std::less<>> variables = {
      {"HOST", "collector"}, {"KEY", "12345"}, {"DELAY", "250"}, {"INJECTED", "x\nlogger_provider: y"}};
  const auto known = variables.find(name);
  if (known == variables.end()) return std::nullopt;
  return known->second;
}

Result<FileConfiguration> read_text(const std::string& text) { return read_configuration(text, look_up); }

// A file that says `text` and is otherwise fine.
FileConfiguration read(const std::string& text) {
  auto configuration = read_text("file_format: \"1.0\"\n" + text);
  EXPECT_TRUE(configuration) << text << "\n" << configuration.error().message;
  return configuration ? *std::move(configuration) : FileConfiguration();
}

// The same with `text` as the one exporter, indented by nothing.
Destination exporter(const std::string& text) {
  const auto configuration = read("tracer_provider: {processors: [{batch: {exporter: {" + text + "}}}]}");
  EXPECT_EQ(configuration.destinations.size(), 1U);
  return configuration.destinations.empty() ? Destination() : configuration.destinations.front();
}

std::string sampler(const std::string& text) {
  const auto configuration =
      read("tracer_provider: {processors: [{simple: {exporter: {console: }}}], sampler: " + text + "}");
  return configuration.sampler == nullptr ? "" : configuration.sampler->description();
}

struct Wrong {
  const char* text;
  const char* message;
};

void expect_errors(const std::vector<Wrong>& cases) {
  for (const auto& [text, message] : cases) {
    const auto configuration = read_text(text);
    ASSERT_FALSE(configuration) << text;
    EXPECT_EQ(configuration.error().message, message) << text;
  }
}

TEST(ConfigFile, NeedsNothingButItsFormat) {
  const auto configuration = read("");
  EXPECT_FALSE(configuration.is_disabled);
  EXPECT_FALSE(configuration.log_level);
  EXPECT_THAT(configuration.propagator.fields(), IsEmpty());
  EXPECT_THAT(configuration.resource.texts, IsEmpty());
  EXPECT_THAT(configuration.destinations, IsEmpty());
  EXPECT_EQ(configuration.sampler->description(), "ParentBased{AlwaysOnSampler}");
  EXPECT_FALSE(configuration.metrics);
  EXPECT_FALSE(configuration.batch.spool);
  EXPECT_THAT(configuration.remarks, IsEmpty());
}

TEST(ConfigFile, IsReadInEveryFirstVersion) {
  for (const char* format : {"\"1.0\"", "1.0", "'1.1'", "1.0-rc.1", "\"1.0-rc.3\""}) {
    const auto configuration = read_text("file_format: " + std::string(format));
    ASSERT_TRUE(configuration) << format << configuration.error().message;
    EXPECT_THAT(configuration->remarks, IsEmpty()) << format;
  }
  const auto later = read_text("file_format: \"1.7\"");
  ASSERT_TRUE(later);
  EXPECT_THAT(later->remarks, ElementsAre("file_format 1.7 is newer than what Segue knows, 1.1"));
  expect_errors({{"file_format: \"0.4\"", "line 1: file_format must be 1.0 or a later 1.x, not '0.4'"},
                 {"file_format: \"2.0\"", "line 1: file_format must be 1.0 or a later 1.x, not '2.0'"},
                 {"file_format: 1.x", "line 1: file_format must be 1.0 or a later 1.x, not '1.x'"},
                 {"file_format: 1.0-beta", "line 1: file_format must be 1.0 or a later 1.x, not '1.0-beta'"},
                 {"disabled: true", "line 1: the file needs 'file_format'"},
                 {"", "line 1: the file needs 'file_format'"},
                 {"- 1.0", "line 1: the file must be a map"}});
}

TEST(ConfigFile, SwitchesTracingAndTheLog) {
  EXPECT_TRUE(read("disabled: true").is_disabled);
  EXPECT_FALSE(read("disabled: ").is_disabled);
  const std::pair<const char*, LogLevel> levels[] = {{"trace4", LogLevel::Debug}, {"debug", LogLevel::Debug},
                                                     {"info2", LogLevel::Info},   {"warn", LogLevel::Warning},
                                                     {"error3", LogLevel::Error}, {"fatal", LogLevel::Off}};
  for (const auto& [name, level] : levels) EXPECT_EQ(read(std::string("log_level: ") + name).log_level, level) << name;
}

TEST(ConfigFile, NamesPropagators) {
  EXPECT_THAT(read("propagator: {composite: [tracecontext: , b3: {}]}").propagator.fields(),
              ElementsAre("traceparent", "tracestate", "b3"));
  EXPECT_THAT(
      read("propagator: {composite: [tracecontext: ], composite_list: 'baggage, tracecontext'}").propagator.fields(),
      ElementsAre("traceparent", "tracestate", "baggage"));
  EXPECT_THAT(read("propagator: {composite_list: none}").propagator.fields(), IsEmpty());
  EXPECT_THAT(read("propagator: {composite: , composite_list: }").propagator.fields(), IsEmpty());
}

TEST(ConfigFile, DescribesTheResource) {
  const FileResource resource = read(R"(
resource:
  attributes_list: team=bots,region=eu%20west,replaced=below
  attributes:
    - {name: service.name, value: "${HOST}"}
    - {name: version, value: 1.4}
    - {name: replaced, value: 7, type: int}
    - {name: is_blue, value: true, type: bool}
    - {name: load, value: 1, type: double}
    - {name: names, value: [a, 2], type: string_array}
    - {name: flags, value: [true, false], type: bool_array}
    - {name: counts, value: [1, 0x10], type: int_array}
    - {name: shares, value: [0.5, 1], type: double_array}
    - {name: absent, value: }
  detection/development:
    detectors: [host: , process: , service: ]
)")
                                    .resource;
  EXPECT_THAT(resource.texts, ElementsAre(Pair("team", "bots"), Pair("region", "eu west"),
                                          Pair("service.name", "collector"), Pair("version", "1.4")));
  std::map<std::string, TypedAttribute> others;
  for (const TypedAttribute& other : resource.others) others[other.key] = other;
  using Value = TypedAttribute::Value;
  const std::map<std::string, std::vector<Value>> expected = {
      {
          "replaced",
          {Value(std::int64_t{7})},
      },
      {"is_blue", {Value(true)}},
      {"load", {Value(1.0)}},
      {"names", {Value(std::string("a")), Value(std::string("2"))}},
      {"flags", {Value(true), Value(false)}},
      {"counts", {Value(std::int64_t{1}), Value(std::int64_t{16})}},
      {"shares", {Value(0.5), Value(1.0)}}};
  ASSERT_EQ(others.size(), expected.size());
  for (const auto& [key, values] : expected) {
    EXPECT_EQ(others[key].values, values) << key;
    EXPECT_EQ(others[key].is_list, values.size() > 1) << key;
  }
  EXPECT_TRUE(resource.detects_host && resource.detects_process && resource.detects_service);
}

TEST(ConfigFile, DetectsOnlyWhatItNames) {
  const FileResource resource = read("resource: {detection/development: {detectors: [process: ]}}").resource;
  EXPECT_FALSE(resource.detects_host);
  EXPECT_TRUE(resource.detects_process);
  EXPECT_FALSE(resource.detects_service);
}

TEST(ConfigFile, LimitsSpans) {
  const SpanLimits general = read(
                                 "attribute_limits: {attribute_count_limit: 9, attribute_value_length_limit: 8, "
                                 "attribute_value_depth_limit: 7}")
                                 .limits;
  EXPECT_EQ(general.max_attributes, 9U);
  EXPECT_EQ(general.max_value_length, 8U);
  EXPECT_EQ(general.max_value_depth, 7U);
  EXPECT_EQ(general.max_events, 128U);
  const SpanLimits limits = read(R"(
attribute_limits: {attribute_count_limit: 9, attribute_value_length_limit: 8}
tracer_provider:
  processors: [simple: {exporter: {console: }}]
  limits:
    attribute_count_limit: 1
    attribute_value_length_limit:
    attribute_value_depth_limit: 2
    event_count_limit: 3
    link_count_limit: 0
    event_attribute_count_limit: 4294967295
    link_attribute_count_limit: 6
)")
                                .limits;
  EXPECT_EQ(limits.max_attributes, 1U);
  EXPECT_EQ(limits.max_value_length, 8U) << "null is no limit of its own";
  EXPECT_EQ(limits.max_value_depth, 2U);
  EXPECT_EQ(limits.max_events, 3U);
  EXPECT_EQ(limits.max_links, 0U);
  EXPECT_EQ(limits.max_event_attributes, 4294967295U);
  EXPECT_EQ(limits.max_link_attributes, 6U);
}

TEST(ConfigFile, BatchesSpans) {
  const auto configuration = read(R"(
tracer_provider:
  processors:
    - batch:
        schedule_delay: ${DELAY}
        export_timeout: 400
        max_queue_size: 500
        max_export_batch_size: 600
        exporter: {console: }
)");
  EXPECT_EQ(configuration.batch.schedule_delay, milliseconds(250));
  EXPECT_EQ(configuration.batch.export_timeout, milliseconds(400));
  EXPECT_EQ(configuration.max_queue_spans, 500U);
  EXPECT_EQ(configuration.batch.max_batch_spans, 600U);
  const auto defaults = read("tracer_provider: {processors: [{batch: {exporter: {console: }, schedule_delay: }}]}");
  EXPECT_EQ(defaults.batch.schedule_delay, milliseconds(5000));
  EXPECT_EQ(defaults.batch.export_timeout, milliseconds(30'000));
  EXPECT_EQ(defaults.max_queue_spans, 0U);
  EXPECT_EQ(defaults.batch.max_batch_spans, 512U);
  const auto zeros =
      read("tracer_provider: {processors: [{batch: {exporter: {console: }, schedule_delay: 0, export_timeout: 0}}]}");
  EXPECT_EQ(zeros.batch.schedule_delay, milliseconds(1));
  EXPECT_EQ(zeros.batch.export_timeout, std::chrono::hours(1)) << "0 stands for no limit";
}

TEST(ConfigFile, SendsToEveryProcessorWithTheSettingsOfTheFirstBatch) {
  const auto configuration = read(R"(
tracer_provider:
  processors:
    - simple: {exporter: {console: }}
    - batch: {schedule_delay: 100, exporter: {otlp_http: {endpoint: "http://one/v1/traces"}}}
    - batch: {schedule_delay: 200, exporter: {otlp_http: {endpoint: "http://two/v1/traces"}}}
)");
  ASSERT_EQ(configuration.destinations.size(), 3U);
  EXPECT_THAT(configuration.destinations[0].kinds, ElementsAre(ExporterKind::Console));
  EXPECT_EQ(configuration.destinations[1].otlp.endpoint, "http://one/v1/traces");
  EXPECT_EQ(configuration.destinations[2].otlp.endpoint, "http://two/v1/traces");
  EXPECT_EQ(configuration.batch.schedule_delay, milliseconds(100));
  EXPECT_THAT(configuration.remarks,
              ElementsAre("all processors share one queue, with the settings of the first batch processor"));
  const auto simple = read("tracer_provider: {processors: [{simple: {exporter: {console: }}}]}");
  EXPECT_EQ(simple.batch.schedule_delay, milliseconds(1));
  EXPECT_THAT(simple.remarks, IsEmpty());
}

TEST(ConfigFile, ConfiguresOtlpOverHttp) {
  const auto configuration = read(R"(
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            endpoint: https://${HOST}:4318/v1/traces
            headers:
              - name: api-key
                value: "${KEY}"
              - {name: absent, value: }
              - name: numeric
                value: ${KEY}
            headers_list: "api-key=overridden,team=b%20c"
            compression: gzip
            timeout: 2000
            encoding: json
            tls: {ca_file: /ca.pem, cert_file: /cert.pem, key_file: /key.pem}
)");
  ASSERT_EQ(configuration.destinations.size(), 1U);
  const Destination& destination = configuration.destinations.front();
  EXPECT_THAT(destination.kinds, ElementsAre(ExporterKind::Otlp));
  const OtlpDestination& otlp = destination.otlp;
  EXPECT_EQ(otlp.transport, OtlpTransport::HttpJson);
  EXPECT_EQ(otlp.endpoint, "https://collector:4318/v1/traces");
  EXPECT_THAT(otlp.headers, ElementsAre(Pair("api-key", "12345"), Pair("team", "b c"), Pair("numeric", "12345")));
  EXPECT_TRUE(otlp.is_compressed);
  EXPECT_EQ(otlp.timeout, milliseconds(2000));
  EXPECT_EQ(otlp.ca_file, "/ca.pem");
  EXPECT_EQ(otlp.client_certificate_file, "/cert.pem");
  EXPECT_EQ(otlp.client_key_file, "/key.pem");
}

TEST(ConfigFile, HasOtlpOverHttpWithDefaults) {
  const OtlpDestination otlp = exporter("otlp_http: ").otlp;
  EXPECT_EQ(otlp.transport, OtlpTransport::HttpProtobuf);
  EXPECT_EQ(otlp.endpoint, "http://localhost:4318/v1/traces");
  EXPECT_THAT(otlp.headers, IsEmpty());
  EXPECT_FALSE(otlp.is_compressed);
  EXPECT_EQ(otlp.timeout, milliseconds(10'000));
  EXPECT_EQ(exporter("otlp_http: {timeout: 0}").otlp.timeout, std::chrono::hours(1));
  EXPECT_EQ(exporter("otlp_http: {encoding: protobuf, compression: none}").otlp.transport, OtlpTransport::HttpProtobuf);
}

TEST(ConfigFile, ConfiguresOtlpOverGrpc) {
  EXPECT_EQ(exporter("otlp_grpc: ").otlp.endpoint, "http://localhost:4317");
  const OtlpDestination otlp =
      exporter(
          "otlp_grpc: {endpoint: 'collector:4317', compression: gzip, timeout: 7, headers_list: a=b,"
          " tls: {insecure: true, ca_file: /ca.pem}}")
          .otlp;
  EXPECT_EQ(otlp.transport, OtlpTransport::Grpc);
  EXPECT_EQ(otlp.endpoint, "collector:4317");
  EXPECT_TRUE(otlp.is_insecure);
  EXPECT_TRUE(otlp.is_compressed);
  EXPECT_EQ(otlp.timeout, milliseconds(7));
  EXPECT_EQ(otlp.ca_file, "/ca.pem");
  EXPECT_THAT(otlp.headers, ElementsAre(Pair("a", "b")));
}

TEST(ConfigFile, KnowsTheReleaseCandidatesNamesOfCertificates) {
  const OtlpDestination otlp = exporter(
                                   "otlp_http: {tls: {certificate_file: /ca.pem, client_certificate_file: /cert.pem,"
                                   " client_key_file: /key.pem}}")
                                   .otlp;
  EXPECT_EQ(otlp.ca_file, "/ca.pem");
  EXPECT_EQ(otlp.client_certificate_file, "/cert.pem");
  EXPECT_EQ(otlp.client_key_file, "/key.pem");
}

TEST(ConfigFile, WritesToFilesAndTheConsoleAndSpeaksZipkin) {
  EXPECT_THAT(exporter("console: ").kinds, ElementsAre(ExporterKind::Console));
  EXPECT_THAT(exporter("otlp_file/development: ").kinds, ElementsAre(ExporterKind::OtlpStdout));
  EXPECT_THAT(exporter("otlp_file/development: {output_stream: stdout}").kinds, ElementsAre(ExporterKind::OtlpStdout));
  const Destination file = exporter("otlp_file/development: {output_stream: 'file:///var/log/traces.jsonl'}");
  EXPECT_THAT(file.kinds, ElementsAre(ExporterKind::File));
  EXPECT_EQ(file.file, "/var/log/traces.jsonl");
  EXPECT_EQ(exporter("zipkin: ").zipkin_endpoint, "http://localhost:9411/api/v2/spans");
  const Destination zipkin = exporter("zipkin: {endpoint: 'http://zipkin/spans', timeout: 5}");
  EXPECT_THAT(zipkin.kinds, ElementsAre(ExporterKind::Zipkin));
  EXPECT_EQ(zipkin.zipkin_endpoint, "http://zipkin/spans");
  EXPECT_EQ(zipkin.zipkin_timeout, milliseconds(5));
}

TEST(ConfigFile, ChoosesSamplers) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "ParentBased{AlwaysOnSampler}"},
      {"{always_on: }", "AlwaysOnSampler"},
      {"{always_off: {}}", "AlwaysOffSampler"},
      {"{trace_id_ratio_based: {ratio: 0.25}}", "TraceIdRatioBased{0.250000}"},
      {"{trace_id_ratio_based: }", "TraceIdRatioBased{1.000000}"},
      {"{probability/development: {ratio: 0.5}}", "ProbabilitySampler{0.500000}"},
      {"{parent_based: {root: {trace_id_ratio_based: {ratio: 0}}}}", "ParentBased{TraceIdRatioBased{0.000000}}"},
      {"{composite/development: {always_on: }}", "ProbabilitySampler{1.000000}"},
      {"{composite/development: {probability: {ratio: 0.5}}}", "ProbabilitySampler{0.500000}"},
      {"{composite/development: {parent_threshold: {root: {always_off: }}}}",
       "ParentThreshold{root=AlwaysOffSampler}"}};
  for (const auto& [text, description] : cases) EXPECT_EQ(sampler(text), description) << text;
  EXPECT_THAT(sampler("{always_record: {root: {always_off: }}}"), HasSubstr("AlwaysOffSampler"));
}

TEST(ConfigFile, AsksTheSamplerOfEachKindOfParent) {
  const auto configuration = read(R"(
tracer_provider:
  processors: [simple: {exporter: {console: }}]
  sampler:
    parent_based:
      root: {always_off: }
      remote_parent_sampled: {always_off: }
      remote_parent_not_sampled: {always_on: }
      local_parent_sampled: {always_off: }
      local_parent_not_sampled: {always_on: }
)");
  using enum ParentKind;
  for (const ParentKind kind : {None, RemoteSampled, LocalSampled}) {
    EXPECT_EQ(configuration.sampler->constant_decision(kind), SamplingDecision::Drop);
  }
  for (const ParentKind kind : {RemoteNotSampled, LocalNotSampled}) {
    EXPECT_EQ(configuration.sampler->constant_decision(kind), SamplingDecision::RecordAndSample);
  }
}

struct Sampled {
  const char* path;
  const char* client;
  SpanKind kind;
  bool is_kept;
};

TEST(ConfigFile, SamplesByRules) {
  const auto configuration = read(R"(
tracer_provider:
  processors: [simple: {exporter: {console: }}]
  sampler:
    composite/development:
      rule_based:
        rules:
          - attribute_values: {key: path, values: [/health, /ready]}
            sampler: {always_off: }
          - attribute_patterns: {key: path, included: ["/api/*", "/v?"]}
            attribute_values: {key: client, values: [bot]}
            span_kinds: [server, consumer]
            parent: [none]
            sampler: {always_on: }
)");
  const Sampled cases[] = {{"/health", "bot", SpanKind::Server, false}, {"/api/leads", "bot", SpanKind::Server, true},
                           {"/v1", "bot", SpanKind::Consumer, true},    {"/v1", "bot", SpanKind::Client, false},
                           {"/v1", "human", SpanKind::Consumer, false}, {"/other", "bot", SpanKind::Server, false}};
  for (const Sampled& each : cases) {
    const SpanContext root;
    const TraceId id;
    const std::vector<Attribute> attributes = {{"path", each.path}, {"client", each.client}};
    const auto result = configuration.sampler->sample(
        {.parent = root, .trace_id = id, .name = "x", .kind = each.kind, .attributes = attributes});
    EXPECT_EQ(result.decision == SamplingDecision::RecordAndSample, each.is_kept) << each.path << " " << each.client;
  }
}

TEST(ConfigFile, SendsMetricsFromItsFirstPeriodicReader) {
  const auto configuration = read(R"(
meter_provider:
  readers:
    - pull: {exporter: {prometheus/development: }}
    - periodic:
        interval: 1000
        exporter:
          otlp_http: {endpoint: "http://metrics/v1/metrics", headers_list: a=b, compression: gzip, temporality_preference: delta}
    - periodic: {exporter: {console: }}
)");
  ASSERT_TRUE(configuration.metrics);
  EXPECT_EQ(configuration.metrics->interval, milliseconds(1000));
  EXPECT_EQ(configuration.metrics->temporality, Temporality::Delta);
  EXPECT_EQ(configuration.metrics->otlp.endpoint, "http://metrics/v1/metrics");
  EXPECT_TRUE(configuration.metrics->otlp.is_compressed);
  EXPECT_THAT(configuration.metrics->otlp.headers, ElementsAre(Pair("a", "b")));
  EXPECT_THAT(configuration.remarks,
              ElementsAre("left out, as Segue has no such settings: "
                          "meter_provider.readers[0].pull (line 5), meter_provider.readers[2] (line 10)"));
  const auto defaults = read("meter_provider: {readers: [{periodic: {exporter: {otlp_http: }}}]}");
  ASSERT_TRUE(defaults.metrics);
  EXPECT_EQ(defaults.metrics->interval, milliseconds(60'000));
  EXPECT_EQ(defaults.metrics->temporality, Temporality::Cumulative);
  EXPECT_EQ(defaults.metrics->otlp.endpoint, "http://localhost:4318/v1/metrics");
}

TEST(ConfigFile, KeepsSpansOnDiskIfItsOwnSectionSaysSo) {
  const auto configuration =
      read("distribution: {segue: {spool_folder: /var/spool/bots, spool_max_bytes: 1048576}, other: {x: y}}");
  ASSERT_TRUE(configuration.batch.spool);
  EXPECT_EQ(configuration.batch.spool->folder, "/var/spool/bots");
  EXPECT_EQ(configuration.batch.spool->max_bytes, 1048576U);
  EXPECT_THAT(configuration.remarks, IsEmpty());
}

TEST(ConfigFile, ListsOnceWhatIsLeftOut) {
  const auto configuration = read(R"(
logger_provider: {processors: []}
instrumentation/development: {general: }
tracer_provider:
  procesors: typing
  processors:
    - batch: {exporter: {otlp_http: {endpont: x, max_request_size: 1, tls: {insecure: true}}}}
  id_generator: {random: }
resource:
  schema_url: x
  detection/development: {detectors: [container: ]}
)");
  EXPECT_THAT(
      configuration.remarks,
      ElementsAre(
          "left out, as Segue has no such settings: "
          "resource.detection/development.detectors[0].container (line 12), resource.schema_url (line 11), "
          "tracer_provider.processors[0].batch.exporter.otlp_http.tls.insecure (line 8), "
          "tracer_provider.processors[0].batch.exporter.otlp_http.endpont (line 8), "
          "tracer_provider.processors[0].batch.exporter.otlp_http.max_request_size (line 8), "
          "tracer_provider.procesors (line 6), logger_provider (line 3), instrumentation/development (line 4)"));
  std::string many;
  for (int i = 0; i < 25; ++i) many += "key" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(read(many).remarks, ElementsAre(testing::EndsWith("key19 (line 21) and 5 more")));
}

TEST(ConfigFile, VariablesAddNoStructure) {
  const auto configuration = read("resource:\n  attributes:\n    - name: a\n      value: ${INJECTED}");
  EXPECT_THAT(configuration.resource.texts, ElementsAre(Pair("a", "x\nlogger_provider: y")));
  EXPECT_THAT(configuration.remarks, IsEmpty());
}

// Every document is one that is right but for one value.
TEST(ConfigFile, SaysWhatIsWrongAndWhere) {
  expect_errors({
      {"file_format: 1.0\ndisabled: maybe", "line 2: disabled must be true or false, not 'maybe'"},
      {"file_format: 1.0\ndisabled: \"true\"", "line 2: disabled must be true or false, not 'true'"},
      {"file_format: 1.0\nlog_level: chatty",
       "line 2: log_level must be trace, debug, info, warn, error or fatal, each also with 2, 3 or 4, not 'chatty'"},
      {"file_format: 1.0\nlog_level: [info]", "line 2: log_level must be text"},
      {"file_format: 1.0\nresource: text", "line 2: resource must be a map"},
      {"file_format: 1.0\nresource:\n  attributes: {a: b}",
       "line 3: resource.attributes must be a list of at least one element"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - value: x", "line 4: resource.attributes[0] needs 'name'"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - name: x", "line 4: resource.attributes[0] needs 'value'"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: x, type: int}",
       "line 4: resource.attributes[0].value is not of type int"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: [1, 2.5], type: int_array}",
       "line 4: resource.attributes[0].value[1] is not of type int"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: [1], type: string}",
       "line 4: resource.attributes[0].value must be text"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: x, type: fancy}",
       "line 4: resource.attributes[0].type must be string, bool, int or double, or one of these with _array"},
      {"file_format: 1.0\nresource:\n  attributes_list: nonsense",
       "line 3: resource.attributes_list must be a list of key=value pairs with commas"},
      {"file_format: 1.0\npropagator:\n  composite: [{tracecontext: , baggage: }]",
       "line 3: propagator.composite[0] must be a map of exactly one key"},
      {"file_format: 1.0\ntracer_provider: {}", "line 2: tracer_provider needs 'processors'"},
      {"file_format: 1.0\ntracer_provider:\n  processors: []",
       "line 3: tracer_provider.processors must be a list of at least one element"},
      {"file_format: 1.0\ntracer_provider:\n  processors: [lazy: {}]",
       "line 3: tracer_provider.processors[0].lazy is no processor that Segue has: batch, simple"},
      {"file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        schedule_delay: soon",
       "line 4: tracer_provider.processors[0].batch needs 'exporter'"},
      {"file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        exporter: {console: }\n        "
       "schedule_delay: soon",
       "line 6: tracer_provider.processors[0].batch.schedule_delay must be a whole number from 0 to 3600000, not "
       "'soon'"},
      {"file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        exporter: {console: }\n        "
       "max_queue_size: 0",
       "line 6: tracer_provider.processors[0].batch.max_queue_size must be a whole number from 1 to 4294967295, not "
       "'0'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_count_limit: -1",
       "line 3: attribute_limits.attribute_count_limit must be a whole number from 0 to 4294967295, not '-1'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_count_limit: 4294967296",
       "line 3: attribute_limits.attribute_count_limit must be a whole number from 0 to 4294967295, not '4294967296'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_count_limit: \"5\"",
       "line 3: attribute_limits.attribute_count_limit must be a whole number from 0 to 4294967295, not '5'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_value_depth_limit: 65",
       "line 3: attribute_limits.attribute_value_depth_limit must be a whole number from 1 to 64, not '65'"},
      {"file_format: 1.0\ndistribution:\n  segue:\n    spool_max_bytes: 1",
       "line 4: distribution.segue.spool_max_bytes must be a whole number from 65536 to 1125899906842624, not '1'"},
      {"file_format: 1.0\nmeter_provider: {}", "line 2: meter_provider needs 'readers'"},
      {"file_format: ${1}", "line 1: '${1}' refers to no variable"},
  });
}

TEST(ConfigFile, SaysWhatIsWrongWithAnExporterAndWhere) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"fax: ", "fax is no exporter that Segue has: otlp_http, otlp_grpc, otlp_file/development, zipkin, console"},
      {"otlp_http: {compression: zstd}", "otlp_http.compression must be gzip or none, not 'zstd'"},
      {"otlp_http: {encoding: xml}", "otlp_http.encoding must be protobuf or json, not 'xml'"},
      {"otlp_http: {timeout: 3600001}", "otlp_http.timeout must be a whole number from 0 to 3600000, not '3600001'"},
      {"otlp_http: {endpoint: {a: b}}", "otlp_http.endpoint must be text"},
      {"otlp_http: {headers: [{name: a, value: [secret]}]}", "otlp_http.headers[0].value must be text"},
      {"otlp_http: {headers: [{value: secret}]}", "otlp_http.headers[0] needs 'name'"},
      {"otlp_http: {headers_list: secret}", "otlp_http.headers_list must be a list of name=value pairs with commas"},
      {"otlp_http: {tls: {ca_file: ca.pem}}", "otlp_http.tls.ca_file must be an absolute path"},
      {"otlp_grpc: {tls: {insecure: 1}}", "otlp_grpc.tls.insecure must be true or false, not '1'"},
      {"otlp_file/development: {output_stream: 'file://'}",
       "otlp_file/development.output_stream must be stdout or file:///path, not 'file://'"},
      {"zipkin: [x]", "zipkin must be a map"}};
  for (const auto& [text, problem] : cases) {
    const auto configuration =
        read_text("file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        exporter: {" +
                  std::string(text) + "}");
    ASSERT_FALSE(configuration) << text;
    EXPECT_EQ(configuration.error().message,
              "line 5: tracer_provider.processors[0].batch.exporter." + std::string(problem));
  }
}

TEST(ConfigFile, SaysWhatIsWrongWithASamplerAndWhere) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"{jaeger_remote/development: }",
       ".jaeger_remote/development is no sampler that Segue has: always_on, always_off, trace_id_ratio_based, "
       "parent_based, always_record, probability/development, composite/development"},
      {"{trace_id_ratio_based: {ratio: 1.5}}", ".trace_id_ratio_based.ratio must be a number from 0 to 1, not '1.5'"},
      {"{trace_id_ratio_based: {ratio: all}}", ".trace_id_ratio_based.ratio must be a number from 0 to 1, not 'all'"},
      {"{always_on: , always_off: }", " must be a map of exactly one key"},
      {"always_on", " must be a map of exactly one key"},
      {"{always_record: }", ".always_record needs 'root'"},
      {"{parent_based: {root: {parent_based: {root: 5}}}}",
       ".parent_based.root.parent_based.root must be a map of exactly one key"},
      {"{composite/development: {rule_based: {rules: [{parent: [far], sampler: {always_on: }}]}}}",
       ".composite/development.rule_based.rules[0].parent[0] must be none, remote or local"},
      {"{composite/development: {rule_based: {rules: [{span_kinds: [odd], sampler: {always_on: }}]}}}",
       ".composite/development.rule_based.rules[0].span_kinds[0] must be internal, server, client, producer or "
       "consumer"},
      {"{composite/development: {rule_based: {rules: [{attribute_values: {key: a, values: [b*]}, sampler: {always_on: "
       "}}]}}}",
       ".composite/development.rule_based.rules[0].attribute_values.values[0] must not contain * or ?"},
      {"{composite/development: {rule_based: {rules: [{attribute_patterns: {key: a, excluded: [b]}, sampler: "
       "{always_on: "
       "}}]}}}",
       ".composite/development.rule_based.rules[0].attribute_patterns.excluded is nothing that Segue's rules have"},
      {"{composite/development: {parent_threshold: }}", ".composite/development.parent_threshold needs 'root'"},
      {"{composite/development: {trace_id_ratio_based: }}",
       ".composite/development.trace_id_ratio_based is no composable sampler that Segue has: always_on, always_off, "
       "probability, parent_threshold, rule_based"}};
  for (const auto& [text, problem] : cases) {
    const auto configuration =
        read_text("file_format: 1.0\ntracer_provider:\n  processors: [simple: {exporter: {console: }}]\n  sampler: " +
                  std::string(text));
    ASSERT_FALSE(configuration) << text;
    EXPECT_EQ(configuration.error().message, "line 4: tracer_provider.sampler" + std::string(problem));
  }
}

TEST(ConfigFile, BoundsTheRulesOfASampler) {
  const auto with_values = [](int count) {
    std::string values = "0";
    for (int i = 1; i < count; ++i) values += "," + std::to_string(i);
    return read_text(
        "file_format: 1.0\ntracer_provider: {processors: [simple: {exporter: {console: }}], sampler: "
        "{composite/development: "
        "{rule_based: {rules: [{attribute_values: {key: a, values: [" +
        values + "]}, span_kinds: [client, server], sampler: {always_on: }}]}}}}");
  };
  EXPECT_TRUE(with_values(500));
  const auto more = with_values(501);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Errc::LimitExceeded);
  EXPECT_THAT(more.error().message, HasSubstr("rules[0] allows more than 1000 combinations"));
}

TEST(ConfigFile, EndsAtADepthOfSixtyFourLevels) {
  const auto nested = [](int samplers) {
    std::string text = "{always_on: }";
    for (int i = 0; i < samplers; ++i) text = "{parent_based: {root: " + text + "}}";
    return read_text(
        "file_format: 1.0\ntracer_provider: {processors: [simple: {exporter: {console: }}], sampler: " + text + "}");
  };
  EXPECT_TRUE(nested(30));
  const auto deep = nested(31);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, Errc::LimitExceeded);
  EXPECT_EQ(deep.error().message, "line 2: lists and maps are nested more than 64 levels deep");
}

}  // namespace
}  // namespace segue::detail
