// OtlpReceiver: OTLP/HTTP. Takes spans as protobuf or JSON, plain or gzipped, and stores them.
//
//   OtlpReceiver receiver(store, {});
//   auto server = HttpServer::start(
//       {.port = 4318,
//        .max_body_bytes = receiver.limits().max_body_bytes,
//        .error_responder = [&](const auto& head, unsigned status, auto why) { return receiver.refuse(head, status, why); }},
//       [&](const Request& request) { return receiver.handle(request); });
//
// Follows the OTLP specification 1.x: 200 only after `Store::append` returned, that is, once the
// spans are on stable storage; 200 with partial_success when single spans were refused; 400 for
// what will never be readable, 413 too large, 415 another type; 503 with Retry-After when the
// store cannot take more now. A failing store is 503 too and never 500, since senders throw away
// what was answered 500. The body of every 4xx and 5xx is a google.rpc.Status in the request's encoding.
// Thread safety: any thread, many at once; `handle` blocks until the disk has the spans.
// Errors: every refusal is an answer, counted by reason in `stats()`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "segue/otlp/decode.h"
#include "segue/server/http/message.h"
#include "segue/server/ingest/ingest_stats.h"
#include "segue/server/store/store.h"

namespace segue::server {

/// What one sender may ask of the server. Every value is allowed; 0 refuses everything it applies to.
struct IngestLimits {
  /// A request's body, before and after decompression. The OTLP specification recommends 64 MiB.
  std::size_t max_body_bytes = std::size_t{64} << 20;
  /// Depth of values, and spans and parts of spans in one request; over it the whole request is refused.
  otlp::DecodeLimits decode = {};
  /// Over it the span is refused, the others of its request are stored. OpenTelemetry's SDKs stop at 128.
  std::size_t max_attributes_per_span = 1024;
  /// Names, texts and values of one span, its events and links together.
  std::size_t max_span_bytes = std::size_t{4} << 20;
  /// Sent with every 503, in seconds.
  std::uint32_t retry_after_seconds = 5;
};

class OtlpReceiver {
 public:
  /// `store` outlives the receiver.
  OtlpReceiver(Store& store, const IngestLimits& limits);
  ~OtlpReceiver();
  OtlpReceiver(const OtlpReceiver&) = delete;
  OtlpReceiver& operator=(const OtlpReceiver&) = delete;

  /// Answers one request: POST /v1/traces; 405 for other methods, 404 for other paths.
  Response handle(const Request& request);

  /// Dresses and counts what the HTTP server refuses before a handler sees it; an `ErrorResponder`. Does not block.
  Response refuse(const Request& head, unsigned status, std::string_view message);

  const IngestLimits& limits() const noexcept { return limits_; }
  IngestStats stats() const noexcept;

 private:
  class Counters;

  Response receive(const Request& request);
  Response store(const Request& request, otlp::DecodedRequest& decoded);
  Response reject(const Request& request, RejectReason reason, std::string_view message);
  Response reject_append(const Request& request, const Error& error, std::size_t spans);

  Store& store_;
  const IngestLimits limits_;
  std::unique_ptr<Counters> counters_;
};

}  // namespace segue::server
