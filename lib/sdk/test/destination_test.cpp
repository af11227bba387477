#include "destination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters.h"
#include "loopback_server.h"
#include "sdk_test_support.h"
#include "test_batch.h"

namespace segue::detail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class Where : public test::SdkTest {
 protected:
  Destination decide() {
    auto destination = decide_destination(options_, Environment());
    EXPECT_TRUE(destination) << destination.error().message;
    return *std::move(destination);
  }
  std::string endpoint() { return decide().otlp.endpoint; }

  // Sends a batch to what was decided, except that the host is the recording server.
  test::LoopbackRequest request_to_vendor() {
    OtlpDestination otlp = decide().otlp;
    const std::size_t path = otlp.endpoint.find('/', otlp.endpoint.find("://") + 3);
    otlp.endpoint = server_.url(otlp.endpoint.substr(path));
    auto exporter = make_otlp_exporter(otlp);
    EXPECT_TRUE(exporter);
    EXPECT_EQ((*exporter)->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Delivered);
    auto request = server_.requests().back();
    EXPECT_EQ(request.header("content-type"), "application/x-protobuf");
    return request;
  }

  test::LoopbackServer server_;
};

TEST_F(Where, TheEndpointFollowsTheOpenTelemetryRules) {
  EXPECT_EQ(endpoint(), "http://localhost:4318/v1/traces");
  set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://base:4318/prefix/");
  EXPECT_EQ(endpoint(), "http://base:4318/prefix/v1/traces");
  set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://exact:1/here");
  EXPECT_EQ(endpoint(), "http://exact:1/here");
  set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://exact:1");
  EXPECT_EQ(endpoint(), "http://exact:1/");
  options_.endpoint = "http://argument:2";
  EXPECT_EQ(endpoint(), "http://argument:2/v1/traces");
}

TEST_F(Where, GrpcHasItsOwnPortAndNoPath) {
  set("OTEL_EXPORTER_OTLP_PROTOCOL", "GRPC");
  EXPECT_EQ(decide().otlp.transport, OtlpTransport::Grpc);
  EXPECT_EQ(endpoint(), "http://localhost:4317");
  set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4317");
  EXPECT_EQ(endpoint(), "collector:4317");
  set("OTEL_INSECURE", "true");
  EXPECT_TRUE(decide().otlp.is_insecure);
  set("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json");
  EXPECT_EQ(decide().otlp.transport, OtlpTransport::HttpJson);
}

TEST_F(Where, ThePortOfTheAliasSaysWhichProtocolIsMeant) {
  set("OTEL_ENDPOINT", "http://collector:4317");
  EXPECT_EQ(decide().otlp.transport, OtlpTransport::Grpc);
  EXPECT_EQ(endpoint(), "http://collector:4317");
  set("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
  EXPECT_EQ(endpoint(), "http://collector:4317/v1/traces") << "whoever names the protocol means it";
  set("OTEL_EXPORTER_OTLP_PROTOCOL", "");
  set("OTEL_ENDPOINT", "http://collector:4318");
  EXPECT_EQ(decide().otlp.transport, OtlpTransport::HttpProtobuf);
  set("OTEL_ENDPOINT", "http://collector:43170");
  EXPECT_EQ(decide().otlp.transport, OtlpTransport::HttpProtobuf);
}

TEST_F(Where, HeadersAreDecodedAndTheStandardOnesWin) {
  set("OTEL_API_KEY", "key");
  set("OTEL_AUTH_HEADER", "Authorization=Basic abc");
  EXPECT_THAT(decide().otlp.headers, ElementsAre(Pair("x-honeycomb-team", "key"), Pair("Authorization", "Basic abc")));
  set("OTEL_EXPORTER_OTLP_HEADERS", "x-honeycomb-team=other, x-extra=a%2Cb");
  EXPECT_THAT(decide().otlp.headers, ElementsAre(Pair("x-honeycomb-team", "other"), Pair("x-extra", "a,b")));
  set("OTEL_EXPORTER_OTLP_HEADERS", "secret without equals sign");
  EXPECT_THAT(decide().otlp.headers, ElementsAre(Pair("x-honeycomb-team", "key")));
  EXPECT_THAT(log_, HasSubstr("OTEL_EXPORTER_OTLP_HEADERS: not a list of name=value pairs"));
  EXPECT_THAT(log_, testing::Not(HasSubstr("secret"))) << "keys do not belong into logs";
}

TEST_F(Where, ExportersAreNamedAndMayBeSeveral) {
  options_.exporter_type = "jaeger";
  EXPECT_THAT(decide().kinds, ElementsAre(ExporterKind::Otlp));
  options_.exporter_type = "otlp, Console,otlp";
  EXPECT_THAT(decide().kinds, ElementsAre(ExporterKind::Otlp, ExporterKind::Console));
  EXPECT_EQ((*make_exporter(decide()))->name(), "fan_out");
  options_.exporter_type = "none";
  EXPECT_TRUE(decide().kinds.empty());
  options_.exporter_type.reset();
  set("OTEL_TRACES_EXPORTER", "fax");
  EXPECT_THAT(decide().kinds, ElementsAre(ExporterKind::Console));
  EXPECT_THAT(log_, HasSubstr("OTEL_TRACES_EXPORTER: 'fax' is not usable; spans go to the console"));
}

TEST_F(Where, Honeycomb) {
  set("HONEYCOMB_API_KEY", "hcaik_key");
  set("HONEYCOMB_DATASET", "only for classic keys");
  EXPECT_EQ(endpoint(), "https://api.honeycomb.io/v1/traces");
  const auto request = request_to_vendor();
  EXPECT_EQ(request.target, "/v1/traces");
  EXPECT_EQ(request.header("x-honeycomb-team"), "hcaik_key");
  EXPECT_EQ(request.header("x-honeycomb-dataset"), "");
  set("HONEYCOMB_API_ENDPOINT", "https://api.eu1.honeycomb.io/");
  EXPECT_EQ(endpoint(), "https://api.eu1.honeycomb.io/v1/traces");
  set("HONEYCOMB_API_KEY", std::string(32, 'a'));
  set("HONEYCOMB_DATASET", "bots");
  EXPECT_EQ(request_to_vendor().header("x-honeycomb-dataset"), "bots");
}

TEST_F(Where, Datadog) {
  set("DD_API_KEY", "dd-key");
  set("DD_SERVICE", "bots");
  set("DD_ENV", "prod");
  set("DD_VERSION", "1.4.0");
  EXPECT_EQ(endpoint(), "https://otlp.datadoghq.com/v1/traces");
  EXPECT_EQ(request_to_vendor().header("dd-api-key"), "dd-key");
  EXPECT_EQ(request_to_vendor().header("dd-protocol"), "otlp");
  EXPECT_THAT(decide().vendor->resource,
              ElementsAre(Pair("service.name", "bots"), Pair("deployment.environment.name", "prod"),
                          Pair("service.version", "1.4.0")));
  set("DD_SITE", "us5.datadoghq.com");
  EXPECT_EQ(endpoint(), "https://otlp.us5.datadoghq.com/v1/traces");
  set("DD_AGENT_HOST", "10.0.0.7");
  EXPECT_EQ(endpoint(), "http://10.0.0.7:4318/v1/traces");
  EXPECT_EQ(request_to_vendor().header("dd-api-key"), "") << "the agent has its own";
}

TEST_F(Where, NewRelic) {
  set("NEW_RELIC_LICENSE_KEY", "0123456789NRAL");
  set("NEW_RELIC_APP_NAME", "bots");
  EXPECT_EQ(endpoint(), "https://otlp.nr-data.net/v1/traces");
  EXPECT_EQ(request_to_vendor().header("api-key"), "0123456789NRAL");
  EXPECT_THAT(decide().vendor->resource, ElementsAre(Pair("service.name", "bots")));
  set("NEW_RELIC_LICENSE_KEY", "eu01xx123NRAL");
  EXPECT_EQ(endpoint(), "https://otlp.eu01.nr-data.net/v1/traces");
}

TEST_F(Where, GrafanaCloud) {
  set("GRAFANA_CLOUD_INSTANCE_ID", "123456");
  set("GRAFANA_CLOUD_API_KEY", "glc_token");
  EXPECT_EQ(endpoint(), "http://localhost:4318/v1/traces") << "without its zone nobody knows where it is";
  set("GRAFANA_CLOUD_ZONE", "prod-eu-west-0");
  EXPECT_EQ(endpoint(), "https://otlp-gateway-prod-eu-west-0.grafana.net/otlp/v1/traces");
  const auto request = request_to_vendor();
  EXPECT_EQ(request.target, "/otlp/v1/traces");
  EXPECT_EQ(request.header("authorization"), "Basic MTIzNDU2OmdsY190b2tlbg==");
}

TEST_F(Where, Lightstep) {
  set("LS_ACCESS_TOKEN", "token");
  set("LS_SERVICE_NAME", "bots");
  EXPECT_EQ(endpoint(), "https://ingest.lightstep.com/v1/traces");
  EXPECT_EQ(request_to_vendor().header("lightstep-access-token"), "token");
  EXPECT_THAT(decide().vendor->resource, ElementsAre(Pair("service.name", "bots")));
}

TEST_F(Where, AVendorIsChosenAloneOrByNameAndAnAddressOverridesIt) {
  set("HONEYCOMB_API_KEY", "honey");
  set("DD_API_KEY", "dog");
  EXPECT_EQ(endpoint(), "http://localhost:4318/v1/traces");
  EXPECT_THAT(log_, HasSubstr("HONEYCOMB_API_KEY and DD_API_KEY are both set"));
  set("OTEL_TRACES_EXPORTER", "datadog");
  EXPECT_EQ(endpoint(), "https://otlp.datadoghq.com/v1/traces");
  set("OTEL_TRACES_EXPORTER", "");
  set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
  EXPECT_TRUE(decide().otlp.headers.empty()) << "a vendor's key is for that vendor alone";
  set("OTEL_EXPORTER_OTLP_ENDPOINT", "https://api.eu1.honeycomb.io");
  EXPECT_THAT(decide().otlp.headers, ElementsAre(Pair("x-honeycomb-team", "honey")));
  set("OTEL_EXPORTER_OTLP_ENDPOINT", "https://nothoneycomb.io");
  EXPECT_TRUE(decide().otlp.headers.empty());
}

TEST_F(Where, AVendorWithoutItsKeyIsAnErrorInCodeAndAWarningInTheEnvironment) {
  options_.exporter_type = "honeycomb";
  const auto refused = decide_destination(options_, Environment());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "honeycomb needs HONEYCOMB_API_KEY");
  options_.exporter_type.reset();
  set("OTEL_TRACES_EXPORTER", "honeycomb");
  EXPECT_EQ(endpoint(), "http://localhost:4318/v1/traces");
  EXPECT_THAT(log_, HasSubstr("honeycomb needs HONEYCOMB_API_KEY"));
}

}  // namespace
}  // namespace segue::detail
