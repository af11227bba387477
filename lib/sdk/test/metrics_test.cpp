#include "metrics_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decoded_metrics.h"
#include "gunzip.h"
#include "loopback_server.h"
#include "sdk_test_support.h"
#include "segue/segue.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class Metrics : public test::SdkTest {
 protected:
  std::optional<detail::MetricsPlan> plan() {
    const detail::Environment environment;
    const auto destination = detail::decide_destination(options_, environment);
    EXPECT_TRUE(destination);
    return detail::plan_metrics(options_, environment, *destination);
  }
};

TEST_F(Metrics, AreOffUnlessAskedFor) {
  EXPECT_FALSE(plan());
  set("OTEL_METRICS_EXPORTER", "none");
  EXPECT_FALSE(plan());
  set("OTEL_METRICS_EXPORTER", "prometheus");
  EXPECT_FALSE(plan());
  EXPECT_THAT(log_, HasSubstr("OTEL_METRICS_EXPORTER: 'prometheus' is not usable; metrics are off"));
  set("OTEL_METRICS_EXPORTER", "otlp");
  EXPECT_TRUE(plan());
  options_.metrics = false;
  EXPECT_FALSE(plan());
}

TEST_F(Metrics, GoWhereSpansGoUnlessTheyHaveAnAddressOfTheirOwn) {
  options_.metrics = true;
  EXPECT_EQ(plan()->otlp.endpoint, "http://localhost:4318/v1/metrics");
  set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://spans:1/exact");
  EXPECT_EQ(plan()->otlp.endpoint, "http://localhost:4318/v1/metrics") << "that one is for spans alone";
  set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://base:4318/prefix/");
  EXPECT_EQ(plan()->otlp.endpoint, "http://base:4318/prefix/v1/metrics");
  options_.endpoint = "http://collector:4318";
  EXPECT_EQ(plan()->otlp.endpoint, "http://collector:4318/v1/metrics");
  set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://metrics:1/exact");
  EXPECT_EQ(plan()->otlp.endpoint, "http://metrics:1/exact");
}

TEST_F(Metrics, GoByGrpcWhereSpansDoUnlessTheyHaveAProtocolOfTheirOwn) {
  options_.metrics = true;
  set("OTEL_ENDPOINT", "http://collector:4317");
  EXPECT_EQ(plan()->otlp.transport, detail::OtlpTransport::Grpc);
  EXPECT_EQ(plan()->otlp.endpoint, "http://collector:4317");
  set("OTEL_ENDPOINT", "");
  options_.protocol = "grpc";
  EXPECT_EQ(plan()->otlp.endpoint, "http://localhost:4317");
  set("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf");
  EXPECT_EQ(plan()->otlp.transport, detail::OtlpTransport::HttpProtobuf);
  set("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json");
  EXPECT_EQ(plan()->otlp.transport, detail::OtlpTransport::HttpProtobuf);
  EXPECT_THAT(log_, HasSubstr("metrics are sent as http/protobuf"));
}

TEST_F(Metrics, TheirFormOfAVariableWinsOverTheOneForEverythingAndThatOfTracesIsNotTheirs) {
  options_.metrics = true;
  const auto set_all = [this](const std::string& form, const std::string& value) {
    set("OTEL_EXPORTER_OTLP_" + form + "HEADERS", "x-of=" + value);
    set("OTEL_EXPORTER_OTLP_" + form + "CERTIFICATE", "/ca/" + value);
    set("OTEL_EXPORTER_OTLP_" + form + "CLIENT_CERTIFICATE", "/certificate/" + value);
    set("OTEL_EXPORTER_OTLP_" + form + "CLIENT_KEY", "/key/" + value);
  };
  const auto expect_all = [this](const std::string& value) {
    const auto otlp = plan()->otlp;
    EXPECT_THAT(otlp.headers, ElementsAre(Pair("x-of", value)));
    EXPECT_EQ(otlp.ca_file, "/ca/" + value);
    EXPECT_EQ(otlp.client_certificate_file, "/certificate/" + value);
    EXPECT_EQ(otlp.client_key_file, "/key/" + value);
  };
  set_all("TRACES_", "traces");
  EXPECT_THAT(plan()->otlp.headers, ElementsAre());
  EXPECT_EQ(plan()->otlp.ca_file, "");
  set_all("", "everything");
  expect_all("everything");
  set_all("METRICS_", "metrics");
  expect_all("metrics");

  set("OTEL_EXPORTER_OTLP_TIMEOUT", "1000");
  set("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
  set("OTEL_EXPORTER_OTLP_INSECURE", "true");
  EXPECT_EQ(plan()->otlp.timeout, std::chrono::seconds(1));
  EXPECT_TRUE(plan()->otlp.is_compressed);
  EXPECT_TRUE(plan()->otlp.is_insecure);
  set("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2000");
  set("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "none");
  set("OTEL_EXPORTER_OTLP_METRICS_INSECURE", "false");
  EXPECT_EQ(plan()->otlp.timeout, std::chrono::seconds(2));
  EXPECT_FALSE(plan()->otlp.is_compressed);
  EXPECT_FALSE(plan()->otlp.is_insecure);
}

TEST_F(Metrics, AVendorsKeyGoesWithThemToThatVendorAlone) {
  options_.metrics = true;
  set("HONEYCOMB_API_KEY", "honey");
  EXPECT_EQ(plan()->otlp.endpoint, "https://api.honeycomb.io/v1/metrics");
  EXPECT_THAT(plan()->otlp.headers, ElementsAre(Pair("x-honeycomb-team", "honey")));
  set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://elsewhere:4318/v1/metrics");
  EXPECT_THAT(plan()->otlp.headers, ElementsAre());
}

TEST_F(Metrics, ReachTheReceiverAsTheVariablesSay) {
  const test::LoopbackServer spans;
  const test::LoopbackServer server;
  set("OTEL_EXPORTER_OTLP_ENDPOINT", spans.url(""));
  set("OTEL_EXPORTER_OTLP_HEADERS", "x-key=everything");
  set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", server.url("/custom"));
  set("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "x-key=metrics");
  set("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip");
  ASSERT_TRUE(setup_observability({.enabled = true, .metrics = true}));
  increment_counter("jorge.interaction.total", 2);
  {
    const auto span = workflow_span("lead_bot", "analyze_intent");
  }
  EXPECT_TRUE(shutdown_observability(std::chrono::minutes(1)));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].target, "/custom");
  EXPECT_EQ(requests[0].header("x-key"), "metrics");
  EXPECT_EQ(requests[0].header("content-encoding"), "gzip");
  EXPECT_EQ(test::decode_metrics(test::gunzip(requests[0].body)).at("jorge.interaction.total").points.at(0).value, 2);
  ASSERT_EQ(spans.requests().size(), 1U);
  EXPECT_EQ(spans.requests()[0].target, "/v1/traces");
  EXPECT_EQ(spans.requests()[0].header("x-key"), "everything");
  EXPECT_EQ(spans.requests()[0].header("content-encoding"), "");
}

TEST_F(Metrics, GiveUpWhenTheirTimeIsOver) {
  const test::LoopbackServer server({{.then = test::LoopbackAnswer::Then::NeverAnswer}});
  set("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "1");
  set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", server.url("/v1/metrics"));
  ASSERT_TRUE(setup_observability({.enabled = true, .metrics = true}));
  increment_counter("jorge.interaction.total");
  EXPECT_FALSE(flush_observability(std::chrono::minutes(1))) << "it was not delivered, and may be later";
}

TEST_F(Metrics, AreCumulativeExceptForThoseWhoWantDifferences) {
  options_.metrics = true;
  EXPECT_EQ(plan()->temporality, Temporality::Cumulative);
  set("NEW_RELIC_LICENSE_KEY", "key");
  EXPECT_EQ(plan()->temporality, Temporality::Delta);
  set("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "cumulative");
  EXPECT_EQ(plan()->temporality, Temporality::Cumulative);
}

TEST_F(Metrics, TellOfNodesCountersAndTheSpansThemselvesAlsoUnsampledOnes) {
  const test::LoopbackServer server;
  const auto on =
      setup_observability({.enabled = true, .endpoint = server.url(""), .metrics = true, .sampler = always_off()});
  ASSERT_TRUE(on) << on.error().message;
  {
    const auto span = workflow_span("lead_bot", "analyze_intent");
  }
  increment_counter("jorge.interaction.total", 2);
  EXPECT_TRUE(flush_observability(std::chrono::minutes(1)));
  EXPECT_TRUE(shutdown_observability(std::chrono::minutes(1)));
  increment_counter("jorge.interaction.total");

  const auto requests = server.requests();
  ASSERT_FALSE(requests.empty());
  for (const auto& request : requests) EXPECT_EQ(request.target, "/v1/metrics") << "nothing was sampled";
  const auto metrics = test::decode_metrics(requests.back().body);
  const auto& node = metrics.at("workflow.node.duration").points.at(0);
  EXPECT_EQ(node.attributes.at("workflow.bot_type"), "lead_bot");
  EXPECT_EQ(node.count, 1U);
  EXPECT_EQ(metrics.at("jorge.interaction.total").points.at(0).value, 2);
  for (const auto& point : metrics.at("otel.sdk.span.started").points) {
    const bool is_ours = point.attributes.at("otel.span.sampling_result") == "RECORD_ONLY";
    EXPECT_EQ(point.value, is_ours ? 1 : 0);
  }
  EXPECT_EQ(metrics.at("otel.sdk.processor.span.processed").points.size(), drop_reason_count);
}

}  // namespace
}  // namespace segue
