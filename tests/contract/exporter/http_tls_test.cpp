// OTLP/HTTP over TLS, with certificates made for the occasion.
#include <gtest/gtest.h>

#include "encoded_batch.h"
#include "received_span.h"
#include "sample_spans.h"
#include "segue/export/otlp_http_exporter.h"
#include "segue/export/zipkin_exporter.h"
#include "tls_web_server.h"

namespace segue::contract {
namespace {

class HttpTls : public testing::Test {
 protected:
  ExportResult export_to(const TlsWebServer& server, OtlpHttpOptions options) const {
    options.endpoint = server.url();
    return (*OtlpHttpExporter::create(options))->export_spans(EncodedBatch(sample_.spans()).get());
  }

  SampleSpans sample_;
  TestCertificates certificates_;
};

TEST_F(HttpTls, DeliversToAReceiverItTrusts) {
  const TlsWebServer server(certificates_, ClientCertificate::NotAsked);
  const ExportResult result = export_to(server, {.ca_file = certificates_.authority()});
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;
  ASSERT_EQ(server.bodies().size(), 1U);
  EXPECT_EQ(from_otlp(server.bodies()[0]).size(), sample_.spans().size());
}

TEST_F(HttpTls, ShowsNothingToAReceiverItDoesNotTrust) {
  const TlsWebServer server(certificates_, ClientCertificate::NotAsked);
  for (const OtlpHttpOptions& options : {OtlpHttpOptions{.ca_file = certificates_.stranger()}, OtlpHttpOptions{}}) {
    const ExportResult result = export_to(server, options);
    EXPECT_EQ(result.outcome, ExportOutcome::Retryable) << "its certificate may be renewed";
    EXPECT_NE(result.message.find("certificate"), std::string::npos) << result.message;
  }
  EXPECT_TRUE(server.bodies().empty());
}

TEST_F(HttpTls, ShowsWhoItIsWhereThatIsDemanded) {
  const TlsWebServer server(certificates_, ClientCertificate::Demanded);
  const ExportResult known = export_to(server, {.ca_file = certificates_.authority(),
                                                .client_certificate_file = certificates_.client_certificate(),
                                                .client_key_file = certificates_.client_key()});
  EXPECT_EQ(known.outcome, ExportOutcome::Delivered) << known.message;
  EXPECT_EQ(server.bodies().size(), 1U);

  const ExportResult unknown = export_to(server, {.ca_file = certificates_.authority()});
  EXPECT_EQ(unknown.outcome, ExportOutcome::Retryable);
  EXPECT_NE(unknown.message, "");
  EXPECT_EQ(server.bodies().size(), 1U);
}

TEST_F(HttpTls, AKeyThatDoesNotFitIsRejected) {
  const TlsWebServer server(certificates_, ClientCertificate::Demanded);
  const ExportResult result = export_to(server, {.ca_file = certificates_.authority(),
                                                 .client_certificate_file = certificates_.client_certificate(),
                                                 .client_key_file = certificates_.server_key()});
  EXPECT_EQ(result.outcome, ExportOutcome::Rejected);
  EXPECT_NE(result.message.find("key"), std::string::npos) << result.message;
}

TEST_F(HttpTls, ServesTheZipkinExporterToo) {
  const TlsWebServer server(certificates_, ClientCertificate::NotAsked);
  const auto exporter = *ZipkinExporter::create({.endpoint = server.url(), .ca_file = certificates_.authority()});
  EXPECT_EQ(exporter->export_spans(EncodedBatch(sample_.spans()).get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(server.bodies().size(), 1U);
}

}  // namespace
}  // namespace segue::contract
