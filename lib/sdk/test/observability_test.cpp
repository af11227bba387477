#include "segue/segue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "configuration.h"
#include "segue/base/log.h"
#include "segue/export/memory_exporter.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// Sets variables for one test, and hears what the library logs about them.
class Setup : public testing::Test {
 protected:
  Setup() {
    set_log_hook([this](LogLevel, std::string_view line) { log_ += std::string(line) + "\n"; });
  }
  ~Setup() override {
    (void)shutdown_observability();
    set_log_hook({});
    for (const auto& name : set_) unsetenv(name.c_str());
  }
  void set(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  std::string service() const {
    for (const auto& [key, value] : detail::resource_of(options_).texts) {
      if (key == "service.name") return value;
    }
    return {};
  }

  ObservabilityOptions options_;
  std::string log_;

 private:
  std::vector<std::string> set_;
};

TEST_F(Setup, IsOffUnlessSomebodyTurnsItOn) {
  EXPECT_FALSE(*setup_observability());
  EXPECT_FALSE(is_tracing_enabled());
  set("OTEL_ENABLED", "false");
  EXPECT_FALSE(*setup_observability());
  set("OTEL_ENABLED", "TRUE");
  EXPECT_TRUE(detail::is_enabled(options_));
  set("OTEL_SDK_DISABLED", "true");  // the standard variable wins over its alias
  EXPECT_FALSE(detail::is_enabled(options_));
  options_.enabled = true;
  EXPECT_TRUE(detail::is_enabled(options_));
}

TEST_F(Setup, RecordsFromSetUpToShutdownAndMayBeSetUpAgain) {
  for (int round = 0; round < 2; ++round) {
    auto memory = std::make_unique<MemoryExporter>();
    const MemoryExporter& exported = *memory;
    auto enabled = setup_observability({.service_name = "bots", .enabled = true, .exporter = std::move(memory)});
    ASSERT_TRUE(enabled && *enabled);
    EXPECT_TRUE(is_tracing_enabled());
    {
      const auto span = workflow_span("lead_bot", "analyze_intent");
    }
    EXPECT_TRUE(flush_observability(std::chrono::minutes(1)));
    const SpanList list = exported.finished_spans();
    ASSERT_EQ(list.spans.size(), 1U);
    EXPECT_EQ(list.spans[0].resource->service(), "bots");
    EXPECT_EQ(list.spans[0].scope->name, "segue");
    EXPECT_NE(find_attribute(list.spans[0].resource->attributes, "process.pid"), nullptr);
    EXPECT_TRUE(shutdown_observability());
    EXPECT_FALSE(is_tracing_enabled());
    EXPECT_EQ(observability_stats().exported, 1U);
  }
}

TEST_F(Setup, TwiceIsRefused) {
  ASSERT_TRUE(setup_observability({.enabled = true, .exporter = std::make_unique<MemoryExporter>()}));
  const auto again = setup_observability({.enabled = true, .exporter = std::make_unique<MemoryExporter>()});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::FailedPrecondition);
}

TEST_F(Setup, TheServiceNameComesFromArgumentVariableResourceListOrProgram) {
  EXPECT_THAT(service(), HasSubstr("unknown_service:"));
  set("OTEL_RESOURCE_ATTRIBUTES", "service.name=from%20list,team=bots");
  EXPECT_EQ(service(), "from list");
  set("OTEL_SERVICE_NAME", "variable");
  EXPECT_EQ(service(), "variable");
  options_.service_name = "argument";
  EXPECT_EQ(service(), "argument");
}

TEST_F(Setup, TheEndpointFollowsTheOpenTelemetryRules) {
  const auto endpoint = [this] { return detail::otlp_options_of(options_).endpoint; };
  EXPECT_EQ(endpoint(), "http://localhost:4318/v1/traces");
  set("OTEL_ENDPOINT", "http://collector:4317");
  EXPECT_EQ(endpoint(), "http://collector:4318/v1/traces");
  set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://base:4318/prefix/");
  EXPECT_EQ(endpoint(), "http://base:4318/prefix/v1/traces");
  set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://exact:1/here");
  EXPECT_EQ(endpoint(), "http://exact:1/here");
  set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://exact:1");
  EXPECT_EQ(endpoint(), "http://exact:1/");
  options_.endpoint = "http://argument:2";
  EXPECT_EQ(endpoint(), "http://argument:2/v1/traces");
}

TEST_F(Setup, HeadersAreDecodedAndTheStandardOnesWin) {
  set("OTEL_AUTH_HEADER", "Authorization=Basic abc");
  set("OTEL_API_KEY", "key");
  set("OTEL_EXPORTER_OTLP_HEADERS", "x-honeycomb-team=other, x-extra=a%2Cb");
  EXPECT_THAT(
      detail::otlp_options_of(options_).headers,
      ElementsAre(Pair("x-honeycomb-team", "other"), Pair("Authorization", "Basic abc"), Pair("x-extra", "a,b")));
}

TEST_F(Setup, NonsenseIsReportedAndTheDefaultUsed) {
  set("OTEL_BSP_SCHEDULE_DELAY", "soon");
  EXPECT_EQ(detail::batch_options_from_environment().schedule_delay, std::chrono::seconds(5));
  EXPECT_THAT(log_, HasSubstr("OTEL_BSP_SCHEDULE_DELAY: 'soon'"));
  set("OTEL_TRACES_SAMPLER", "sometimes");
  EXPECT_EQ(detail::sampler_of(options_)->description(), "ParentBased{AlwaysOnSampler}");
  EXPECT_THAT(log_, HasSubstr("OTEL_TRACES_SAMPLER"));
  set("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
  set("OTEL_TRACES_SAMPLER_ARG", "0.25");
  EXPECT_EQ(detail::sampler_of(options_)->description(), "ParentBased{TraceIdRatioBased{0.250000}}");
  set("OTEL_TRACES_EXPORTER", "fax");
  EXPECT_EQ(*detail::exporter_type_of(options_), detail::ExporterType::Console);
  set("OTEL_EXPORTER_OTLP_HEADERS", "no equals sign");
  EXPECT_TRUE(detail::otlp_options_of(options_).headers.empty());
  set("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "7");
  EXPECT_EQ(detail::limits_from_environment().max_attributes, 7U);
}

TEST_F(Setup, AWrongArgumentIsAnErrorNotAWarning) {
  const auto result = setup_observability({.enabled = true, .exporter_type = "fax"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::InvalidArgument);
  EXPECT_FALSE(setup_observability({.enabled = true, .endpoint = "gopher://x"}));
  EXPECT_FALSE(is_tracing_enabled());
}

TEST_F(Setup, JaegerMeansOtlpAndNoneMeansOff) {
  options_.exporter_type = "jaeger";
  EXPECT_EQ(*detail::exporter_type_of(options_), detail::ExporterType::Otlp);
  set("OTEL_EXPORTER_TYPE", "none");
  EXPECT_FALSE(*setup_observability({.enabled = true}));
}

}  // namespace
}  // namespace segue
