// OTLP/gRPC over TLS, with certificates made for the occasion.
#include <gtest/gtest.h>

#include "encoded_batch.h"
#include "grpc_server.h"
#include "received_span.h"
#include "sample_spans.h"
#include "segue/export/otlp_grpc_exporter.h"
#include "test_certificates.h"

namespace segue::contract {
namespace {

using test::GrpcServer;

class GrpcTls : public testing::Test {
 protected:
  std::unique_ptr<GrpcServer> make_server(grpc_ssl_client_certificate_request_type client) const {
    grpc::SslServerCredentialsOptions options(client);
    options.pem_root_certs = read_file(certificates_.authority());
    options.pem_key_cert_pairs = {
        {read_file(certificates_.server_key()), read_file(certificates_.server_certificate())}};
    const test::GrpcServerOptions with_tls = {.credentials = grpc::SslServerCredentials(options)};
    return std::make_unique<GrpcServer>(std::vector<test::GrpcServerAnswer>(1), with_tls);
  }

  ExportResult export_to(const GrpcServer& server, OtlpGrpcOptions options) const {
    options.endpoint = "https://" + server.address();
    return (*OtlpGrpcExporter::create(options))->export_spans(EncodedBatch(sample_.spans()).get());
  }

  SampleSpans sample_;
  TestCertificates certificates_;
};

TEST_F(GrpcTls, DeliversToAReceiverItTrusts) {
  const auto server = make_server(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  const ExportResult result = export_to(*server, {.ca_file = certificates_.authority()});
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;
  ASSERT_EQ(server->requests().size(), 1U);
  EXPECT_EQ(from_otlp(server->requests()[0].body).size(), sample_.spans().size());
}

TEST_F(GrpcTls, ShowsNothingToAReceiverItDoesNotTrust) {
  const auto server = make_server(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  for (const OtlpGrpcOptions& options : {OtlpGrpcOptions{.ca_file = certificates_.stranger()}, OtlpGrpcOptions{}}) {
    const ExportResult result = export_to(*server, options);
    EXPECT_EQ(result.outcome, ExportOutcome::Retryable) << "its certificate may be renewed";
    EXPECT_NE(result.message.find("andshake failed"), std::string::npos) << result.message;
  }
  EXPECT_TRUE(server->requests().empty());
}

TEST_F(GrpcTls, ShowsWhoItIsWhereThatIsDemanded) {
  const auto server = make_server(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  const ExportResult known = export_to(*server, {.ca_file = certificates_.authority(),
                                                 .client_certificate_file = certificates_.client_certificate(),
                                                 .client_key_file = certificates_.client_key()});
  EXPECT_EQ(known.outcome, ExportOutcome::Delivered) << known.message;
  EXPECT_EQ(server->requests().size(), 1U);

  const ExportResult unknown = export_to(*server, {.ca_file = certificates_.authority()});
  EXPECT_EQ(unknown.outcome, ExportOutcome::Retryable);
  EXPECT_NE(unknown.message, "");
  EXPECT_EQ(server->requests().size(), 1U);
}

TEST_F(GrpcTls, FilesThatDoNotServeAreFoundAtOnce) {
  const auto message_for = [](const OtlpGrpcOptions& options) {
    const auto exporter = OtlpGrpcExporter::create(options);
    return exporter ? std::string("accepted") : exporter.error().message;
  };
  const std::string certificate = certificates_.client_certificate();
  const std::string key = certificates_.client_key();
  EXPECT_EQ(message_for({.client_certificate_file = certificate, .client_key_file = key}), "accepted");
  EXPECT_EQ(message_for({.ca_file = key}), "otlp grpc exporter: ca_file: no certificate in PEM in it");
  EXPECT_EQ(message_for({.client_certificate_file = key, .client_key_file = key}),
            "otlp grpc exporter: client_certificate_file: no certificate in PEM in it");
  EXPECT_EQ(message_for({.client_certificate_file = certificate, .client_key_file = certificate}),
            "otlp grpc exporter: client_key_file: no key in PEM without a password in it");
  EXPECT_EQ(message_for({.client_certificate_file = certificate, .client_key_file = certificates_.server_key()}),
            "otlp grpc exporter: client_key_file: not the key of the certificate in client_certificate_file");
}

}  // namespace
}  // namespace segue::contract
