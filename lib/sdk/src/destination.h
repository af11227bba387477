// Where spans and metrics go: which exporters, and for OTLP which address, protocol and headers, decided before anything is
// started.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "environment.h"
#include "segue/sdk/observability.h"
#include "vendor.h"

namespace segue::detail {

enum class ExporterKind : std::uint8_t { Otlp, OtlpStdout, Zipkin, Console, File };
enum class OtlpTransport : std::uint8_t { HttpProtobuf, HttpJson, Grpc };

struct OtlpDestination {
  OtlpTransport transport = OtlpTransport::HttpProtobuf;
  std::string endpoint = {};  ///< Complete: over HTTP with the path.
  TextPairs headers = {};
  std::chrono::milliseconds timeout{10'000};
  bool is_compressed = false;
  bool is_insecure = false;  ///< gRPC: no TLS where the endpoint has no scheme.
  std::string ca_file = {};
  std::string client_certificate_file = {};
  std::string client_key_file = {};
};

struct Destination {
  std::vector<ExporterKind> kinds = {};  ///< Empty: nowhere, tracing is off.
  OtlpDestination otlp = {};
  std::optional<Vendor> vendor = {};  ///< The one that was chosen.
  std::string zipkin_endpoint = {};
  std::chrono::milliseconds zipkin_timeout{10'000};
  std::string file = {};
};

/// InvalidArgument for an argument that is unknown, FailedPrecondition for a vendor whose variables are missing.
Result<Destination> decide_destination(const ObservabilityOptions& options, const Environment& environment);

/// Where metrics go by OTLP, given where spans go: by the METRICS forms of the variables, else by what spans go by, too.
OtlpDestination decide_metrics_destination(const ObservabilityOptions& options, const Environment& environment,
                                           const Destination& spans);

}  // namespace segue::detail
