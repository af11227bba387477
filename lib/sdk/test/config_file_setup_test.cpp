#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "configuration.h"
#include "loopback_server.h"
#include "sdk_test_support.h"
#include "segue/export/memory_exporter.h"
#include "segue/otlp/decode.h"
#include "segue/segue.h"
#include "setup_plan.h"

namespace segue {
namespace {

using detail::ExporterKind;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class ConfigFileSetup : public test::SdkTest {
 protected:
  ~ConfigFileSetup() override {
    set_default_propagator(Propagator());
    std::filesystem::remove(path_);
  }

  void write(const std::string& text) {
    std::ofstream(path_, std::ios::trunc) << "file_format: \"1.0\"\n" << text;
    set("OTEL_CONFIG_FILE", path_);
  }

  /// Sends to `endpoint` at once.
  void write_traces_to(const std::string& endpoint, const std::string& more = {}) {
    write("tracer_provider:\n  processors:\n    - simple: {exporter: {otlp_http: {endpoint: '" + endpoint +
          "', headers: [{name: api-key, value: secret}]}}}\n" + more);
  }

  std::optional<detail::SetupPlan> plan() {
    auto made = detail::make_setup_plan(options_, detail::Environment());
    EXPECT_TRUE(made) << made.error().message;
    return made ? *std::move(made) : std::nullopt;
  }

  std::string failure() {
    const auto made = setup_observability(std::move(options_));
    EXPECT_FALSE(made);
    EXPECT_FALSE(is_tracing_enabled());
    return made ? "" : made.error().message;
  }

  const std::string path_ = testing::TempDir() + "segue_config_file_" + std::to_string(getpid()) + ".yaml";
};

const ValueView& attribute(const SpanView& span, std::string_view key) {
  static const ValueView absent;
  const ValueView* const value = find_attribute(span.resource->attributes, key);
  return value == nullptr ? absent : *value;
}

std::string text_of(const SpanView& span, std::string_view key) {
  const auto* const text = std::get_if<std::string_view>(&attribute(span, key));
  return text == nullptr ? "" : std::string(*text);
}

TEST_F(ConfigFileSetup, SendsSpansWithTheFilesHeaderAndResourceToItsReceiver) {
  const test::LoopbackServer server;
  set("COLLECTOR", server.url(""));
  set("TEST_API_KEY", "12345");
  write(R"(
resource:
  attributes:
    - {name: service.name, value: bots}
    - {name: shard, value: 7, type: int}
    - {name: regions, value: [eu, us], type: string_array}
propagator: {composite: [b3: ]}
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            endpoint: ${COLLECTOR}/custom/path
            headers:
              - name: api-key
                value: ${TEST_API_KEY}
)");
  const auto on = setup_observability();
  ASSERT_TRUE(on) << on.error().message;
  EXPECT_TRUE(*on) << "a file turns tracing on unless it says otherwise";
  std::vector<std::pair<std::string, std::string>> carried;
  {
    const auto span = workflow_span("lead_bot", "analyze_intent");
    inject_current_context(HeaderWriter(carried));
  }
  EXPECT_TRUE(shutdown_observability(std::chrono::minutes(1)));

  ASSERT_EQ(carried.size(), 1U);
  EXPECT_EQ(carried[0].first, "b3");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].target, "/custom/path");
  EXPECT_EQ(requests[0].header("api-key"), "12345");
  const auto decoded = otlp::decode_request(requests[0].body);
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->list.spans.size(), 1U);
  const SpanView& span = decoded->list.spans[0];
  EXPECT_EQ(span.name, "lead_bot.analyze_intent");
  EXPECT_EQ(text_of(span, "service.name"), "bots");
  EXPECT_EQ(text_of(span, "telemetry.sdk.name"), "segue");
  EXPECT_EQ(attribute(span, "shard"), ValueView(std::int64_t{7}));
  EXPECT_TRUE(std::holds_alternative<ArrayView>(attribute(span, "regions")));
  EXPECT_EQ(find_attribute(span.resource->attributes, "process.pid"), nullptr) << "nothing is detected unasked";
  EXPECT_EQ(find_attribute(span.resource->attributes, "host.name"), nullptr);
}

TEST_F(ConfigFileSetup, IsKnownByItsOldNameToo) {
  write("disabled: true");
  unsetenv("OTEL_CONFIG_FILE");
  set("OTEL_EXPERIMENTAL_CONFIG_FILE", path_);
  EXPECT_FALSE(plan());
  write("disabled: maybe");
  unsetenv("OTEL_CONFIG_FILE");
  EXPECT_THAT(failure(), StartsWith("OTEL_EXPERIMENTAL_CONFIG_FILE: " + path_ + ": line 2: "));
}

TEST_F(ConfigFileSetup, StandsInForAllOtherVariables) {
  write_traces_to("http://file/v1/traces");
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"OTEL_SDK_DISABLED", "true"},
                                                                  {"OTEL_SERVICE_NAME", "variable"},
                                                                  {"OTEL_RESOURCE_ATTRIBUTES", "team=variable"},
                                                                  {"ENVIRONMENT", "variable"},
                                                                  {"OTEL_LOG_LEVEL", "debug"},
                                                                  {"OTEL_TRACES_EXPORTER", "console"},
                                                                  {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://variable"},
                                                                  {"OTEL_EXPORTER_OTLP_HEADERS", "x=variable"},
                                                                  {"OTEL_TRACES_SAMPLER", "always_off"},
                                                                  {"OTEL_BSP_MAX_QUEUE_SIZE", "3"},
                                                                  {"OTEL_SPAN_EVENT_COUNT_LIMIT", "3"},
                                                                  {"OTEL_PROPAGATORS", "b3"},
                                                                  {"OTEL_METRICS_EXPORTER", "otlp"},
                                                                  {"SEGUE_SPOOL_FOLDER", "/variable"},
                                                                  {"HONEYCOMB_API_KEY", "variable"}}) {
    set(name, value);
  }
  const auto made = plan();
  ASSERT_TRUE(made);
  ASSERT_EQ(made->destinations.size(), 1U);
  EXPECT_EQ(made->destinations[0].otlp.endpoint, "http://file/v1/traces");
  EXPECT_THAT(made->destinations[0].otlp.headers, ElementsAre(testing::Pair("api-key", "secret")));
  for (const auto& [key, value] : made->resource.texts) EXPECT_NE(value, "variable") << key;
  EXPECT_EQ(made->sampler->description(), "ParentBased{AlwaysOnSampler}");
  EXPECT_EQ(made->max_queue_spans, 0U);
  EXPECT_EQ(made->limits.max_events, 128U);
  EXPECT_FALSE(made->metrics);
  EXPECT_FALSE(made->batch.spool);
  EXPECT_TRUE(default_propagator().fields().empty());
}

TEST_F(ConfigFileSetup, TheEnvFileMayNameItAndHoldWhatItRefersTo) {
  write("tracer_provider:\n  processors: [simple: {exporter: {zipkin: {endpoint: \"${ZIPKIN_AT}\"}}}]");
  unsetenv("OTEL_CONFIG_FILE");
  const std::string env_path = path_ + ".env";
  std::ofstream(env_path) << "OTEL_CONFIG_FILE=" << path_ << "\nZIPKIN_AT=http://zipkin/spans\n";
  options_.env_file = env_path;
  const auto environment = detail::load_environment(options_);
  std::filesystem::remove(env_path);
  ASSERT_TRUE(environment);
  const auto made = detail::make_setup_plan(options_, *environment);
  ASSERT_TRUE(made && *made) << made.error().message;
  EXPECT_EQ((*made)->destinations[0].zipkin_endpoint, "http://zipkin/spans");
}

TEST_F(ConfigFileSetup, GivesWayToArguments) {
  write_traces_to("http://file/v1/traces", R"(
  sampler: {always_off: }
disabled: true
resource:
  attributes: [{name: service.name, value: file}, {name: count, value: 1, type: int}, {name: kept, value: file}]
distribution: {segue: {spool_folder: /file, spool_max_bytes: 65536}}
meter_provider: {readers: [{periodic: {exporter: {otlp_http: }}}]}
)");
  EXPECT_FALSE(plan());
  options_.enabled = true;
  EXPECT_EQ(plan()->sampler->description(), "AlwaysOffSampler");
  EXPECT_TRUE(plan()->metrics);
  options_.service_name = "argument";
  options_.resource_attributes = {{"count", "argument"}};
  options_.sampler = always_on();
  options_.spool_folder = "/argument";
  options_.metrics = false;
  const auto made = plan();
  ASSERT_TRUE(made);
  const auto& texts = made->resource.texts;
  for (const auto& [key, value] : std::initializer_list<std::pair<std::string, std::string>>{
           {"service.name", "argument"}, {"count", "argument"}, {"kept", "file"}}) {
    EXPECT_THAT(texts, testing::Contains(testing::Pair(key, value)));
  }
  EXPECT_TRUE(made->resource.others.empty());
  EXPECT_EQ(made->sampler->description(), "AlwaysOnSampler");
  EXPECT_EQ(made->batch.spool->folder, "/argument");
  EXPECT_EQ(made->batch.spool->max_bytes, 65536U);
  EXPECT_FALSE(made->metrics);
  options_.enabled = false;
  EXPECT_FALSE(plan());
}

TEST_F(ConfigFileSetup, AnAddressInCodeReplacesTheFilesExportersAndTheirKeys) {
  write_traces_to("http://file/v1/traces");
  options_.endpoint = "http://argument";
  auto made = plan();
  ASSERT_TRUE(made);
  ASSERT_EQ(made->destinations.size(), 1U);
  EXPECT_EQ(made->destinations[0].otlp.endpoint, "http://argument/v1/traces");
  EXPECT_TRUE(made->destinations[0].otlp.headers.empty());
  options_.endpoint.reset();
  options_.exporter_type = "console";
  EXPECT_THAT(plan()->destinations[0].kinds, ElementsAre(ExporterKind::Console));
  options_.exporter_type = "none";
  EXPECT_FALSE(plan());
  options_.exporter_type = "newrelic";
  set("NEW_RELIC_LICENSE_KEY", "key");
  EXPECT_EQ(plan()->destinations[0].otlp.endpoint, "https://otlp.nr-data.net/v1/traces") << "a vendor named in code";
  options_.exporter_type = "fax";
  EXPECT_THAT(failure(), AllOf(StartsWith("OTEL_CONFIG_FILE: exporter_type"), HasSubstr("fax")));
}

TEST_F(ConfigFileSetup, MetricsAskedForInCodeGoBesideTheTraces) {
  write_traces_to("http://file/v1/traces");
  options_.metrics = true;
  EXPECT_EQ(plan()->metrics->otlp.endpoint, "http://file/v1/metrics");
}

TEST_F(ConfigFileSetup, WithoutATracerProviderTracingIsOffUnlessCodeBringsAnExporter) {
  write("");
  EXPECT_FALSE(*setup_observability());
  auto memory = std::make_unique<MemoryExporter>();
  const MemoryExporter& exported = *memory;
  const auto on = setup_observability({.exporter = std::move(memory)});
  ASSERT_TRUE(on && *on);
  {
    const auto span = workflow_span("lead_bot", "analyze_intent");
  }
  EXPECT_TRUE(flush_observability(std::chrono::minutes(1)));
  EXPECT_EQ(exported.finished_spans().spans.size(), 1U);
}

TEST_F(ConfigFileSetup, SaysThatMetricsNeedSpans) {
  write("meter_provider: {readers: [{periodic: {exporter: {otlp_http: }}}]}");
  EXPECT_FALSE(plan());
  EXPECT_EQ(log_, "metrics are off: they are counted from spans, which go nowhere\n");
  options_.exporter_type = "console";
  EXPECT_TRUE(plan()->metrics);
}

TEST_F(ConfigFileSetup, FailsWithTheFileAndTheLineAndChangesNothing) {
  write("log_level: debug\ntracer_provider: {processors: nothing}");
  EXPECT_EQ(failure(), "OTEL_CONFIG_FILE: " + path_ +
                           ": line 3: tracer_provider.processors must be a list of at least one element");
  EXPECT_EQ(default_propagator().fields(), Propagator().fields());
  log(LogLevel::Info, "the level is as it was");
  EXPECT_EQ(log_, "");
}

TEST_F(ConfigFileSetup, FailsIfTheFileCannotBeRead) {
  for (const std::string& path : {std::string("/nowhere/otel.yaml"), testing::TempDir()}) {
    set("OTEL_CONFIG_FILE", path);
    EXPECT_EQ(failure(), "OTEL_CONFIG_FILE: cannot read " + path);
  }
  std::ofstream(path_) << "file_format: 1.0\n" << std::string(std::size_t{1} << 20, '#');
  set("OTEL_CONFIG_FILE", path_);
  EXPECT_EQ(failure(), "OTEL_CONFIG_FILE: " + path_ + " is larger than 1 MiB");
}

TEST_F(ConfigFileSetup, FailsIfAnExporterCannotBeMade) {
  write_traces_to("gopher://x");
  EXPECT_FALSE(setup_observability());
  EXPECT_FALSE(is_tracing_enabled());
}

TEST_F(ConfigFileSetup, SaysOnceWhatIsLeftOut) {
  write("disabled: true\nlogger_provider: {processors: []}\nresource: {schema_url: x}\n");
  EXPECT_FALSE(*setup_observability());
  EXPECT_EQ(log_, path_ +
                      ": left out, as Segue has no such settings: resource.schema_url (line 4), logger_provider (line "
                      "3)\n");
}

TEST_F(ConfigFileSetup, SetsTheLevelOfTheLog) {
  write("disabled: true\nlog_level: info");
  EXPECT_FALSE(*setup_observability());
  log(LogLevel::Info, "heard");
  EXPECT_THAT(log_, HasSubstr("heard"));
}

TEST_F(ConfigFileSetup, AForkedChildKeepsTheFilesResource) {
  const test::LoopbackServer server({{.then = test::LoopbackAnswer::Then::Close}});
  write_traces_to(server.url("/v1/traces"), R"(
resource:
  attributes: [{name: shards, value: [1, 2], type: int_array}]
  detection/development: {detectors: [process: ]}
)");
  ASSERT_TRUE(*setup_observability());
  {
    const auto before = workflow_span("lead_bot", "before_fork");
  }
  // Whatever the back end's thread allocates at its start is done then: sanitizers do not keep their locks over forks.
  ASSERT_TRUE(flush_observability(std::chrono::minutes(1)));
  const pid_t child = fork();
  if (child == 0) {
    {
      const auto span = workflow_span("lead_bot", "in_child");
    }
    _exit(shutdown_observability(std::chrono::minutes(1)) && observability_stats().exported == 1 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  const auto decoded = otlp::decode_request(requests[1].body);
  ASSERT_TRUE(decoded);
  const SpanView& span = decoded->list.spans.at(0);
  EXPECT_EQ(span.name, "lead_bot.in_child");
  EXPECT_EQ(attribute(span, "process.pid"), ValueView(std::int64_t{child}));
  EXPECT_TRUE(std::holds_alternative<ArrayView>(attribute(span, "shards")));
  EXPECT_EQ(find_attribute(span.resource->attributes, "service.instance.id"), nullptr);
}

}  // namespace
}  // namespace segue
