#include "config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

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
  EXPECT_THAT(read("propagator: {composite: []}").propagator.fields(), IsEmpty());
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
  const std::string names = "certificate_file: /ca.pem, client_certificate_file: /cert.pem, client_key_file: /key.pem";
  const OtlpDestination otlp = exporter("otlp_http: {" + names + "}").otlp;
  EXPECT_EQ(otlp.ca_file, "/ca.pem");
  EXPECT_EQ(otlp.client_certificate_file, "/cert.pem");
  EXPECT_EQ(otlp.client_key_file, "/key.pem");
  const OtlpDestination both = exporter("otlp_grpc: {insecure: true, tls: {ca_file: /new.pem}, " + names + "}").otlp;
  EXPECT_TRUE(both.is_insecure);
  EXPECT_EQ(both.ca_file, "/new.pem");
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
  const auto by_grpc = read("meter_provider: {readers: [{periodic: {exporter: {otlp_grpc: }}}]}");
  ASSERT_TRUE(by_grpc.metrics);
  EXPECT_EQ(by_grpc.metrics->otlp.transport, OtlpTransport::Grpc);
  EXPECT_EQ(by_grpc.metrics->otlp.endpoint, "http://localhost:4317");
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

TEST(ConfigFile, OfTheGuideIsReadToTheLastKey) {
  std::ostringstream example;
  example << std::ifstream(SEGUE_CONFIGURATION_EXAMPLE).rdbuf();
  const auto configuration = read_text(example.str());
  ASSERT_TRUE(configuration) << configuration.error().message;
  EXPECT_THAT(configuration->remarks, IsEmpty());
  ASSERT_EQ(configuration->destinations.size(), 1U);
  EXPECT_EQ(configuration->destinations[0].otlp.endpoint, "http://localhost:4318/v1/traces");
  EXPECT_THAT(configuration->destinations[0].otlp.headers, IsEmpty()) << "the key's variable is not set";
  EXPECT_TRUE(configuration->metrics && configuration->batch.spool);
}

TEST(ConfigFile, VariablesAddNoStructure) {
  const auto configuration = read("resource:\n  attributes:\n    - name: a\n      value: ${INJECTED}");
  EXPECT_THAT(configuration.resource.texts, ElementsAre(Pair("a", "x\nlogger_provider: y")));
  EXPECT_THAT(configuration.remarks, IsEmpty());
}

}  // namespace
}  // namespace segue::detail
