#include "segue/server/ingest/otlp_receiver.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <string>

#include "gunzip.h"
#include "segue/base/log.h"
#include "segue/otlp/json.h"
#include "segue/otlp/response.h"
#include "span_limits.h"

namespace segue::server {
namespace {

constexpr std::string_view traces_path = "/v1/traces";

enum class Encoding : std::uint8_t { Protobuf, Json };
enum class Coding : std::uint8_t { Identity, Gzip };

/// gRPC's numbers for the codes used here; OTLP/HTTP sends them inside a google.rpc.Status.
namespace rpc_code {
constexpr std::int32_t invalid_argument = 3, deadline_exceeded = 4, not_found = 5, resource_exhausted = 8,
                       unimplemented = 12, internal = 13, unavailable = 14;
}

struct Refusal {
  unsigned status;
  std::int32_t code;
};

/// How a sender is told: 503 is the only one of these after which it keeps the spans and tries again.
Refusal refusal_for(RejectReason reason) {
  switch (reason) {
    case RejectReason::UnsupportedMediaType:
    case RejectReason::UnsupportedEncoding: return {415, rpc_code::invalid_argument};
    case RejectReason::TooLarge: return {413, rpc_code::resource_exhausted};
    case RejectReason::TooSlow: return {408, rpc_code::deadline_exceeded};
    case RejectReason::Overloaded:
    case RejectReason::StoreUnavailable:
    case RejectReason::StoreFailed: return {503, rpc_code::unavailable};
    case RejectReason::Internal: return {500, rpc_code::internal};
    case RejectReason::Malformed:
    case RejectReason::TooComplex:
    case RejectReason::TooManyAttributes:
    case RejectReason::InvalidId: return {400, rpc_code::invalid_argument};
  }
  return {500, rpc_code::internal};
}

RejectReason reason_for_status(unsigned status) {
  switch (status) {
    case 408: return RejectReason::TooSlow;
    case 413:
    case 431: return RejectReason::TooLarge;
    case 500: return RejectReason::Internal;
    case 503: return RejectReason::Overloaded;
    default: return RejectReason::Malformed;
  }
}

RejectReason reason_for_decoding(const Error& error) {
  return error.code == Errc::LimitExceeded ? RejectReason::TooComplex : RejectReason::Malformed;
}

RejectReason reason_for_append(const Error& error) {
  switch (error.code) {
    case Errc::Unavailable: return RejectReason::StoreUnavailable;
    case Errc::LimitExceeded: return RejectReason::TooLarge;
    default: return RejectReason::StoreFailed;
  }
}

/// A media type or coding without its parameters and the space around it.
std::string_view without_parameters(std::string_view field) {
  field = field.substr(0, field.find(';'));
  const std::size_t begin = field.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return field.substr(begin, field.find_last_not_of(" \t") - begin + 1);
}

std::optional<Encoding> encoding_of(const Request& request) {
  const std::string_view type = without_parameters(request.headers.find("Content-Type").value_or(""));
  if (equals_ignoring_case(type, "application/x-protobuf")) return Encoding::Protobuf;
  if (equals_ignoring_case(type, "application/json")) return Encoding::Json;
  return std::nullopt;
}

std::optional<Coding> coding_of(const Request& request) {
  const std::string_view name = without_parameters(request.headers.find("Content-Encoding").value_or("identity"));
  if (name.empty() || equals_ignoring_case(name, "identity")) return Coding::Identity;
  if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) return Coding::Gzip;
  return std::nullopt;
}

template <class Message>
Response encode(unsigned status, const Message& message, Encoding encoding) {
  if (encoding == Encoding::Json) {
    return {.status = status, .content_type = "application/json", .body = otlp::to_json(message)};
  }
  return {.status = status, .content_type = "application/x-protobuf", .body = otlp::to_protobuf(message)};
}

/// Errors are told in the request's encoding; in JSON, which people read too, where it has none that we know.
Response encode_error(const Request& request, unsigned status, std::int32_t code, std::string_view message) {
  const otlp::RpcStatus body{.code = code, .message = std::string(message)};
  return encode(status, body, encoding_of(request).value_or(Encoding::Json));
}

}  // namespace

class OtlpReceiver::Counters {
 public:
  using Counter = std::atomic<std::uint64_t>;

  void count_request(std::size_t bytes) noexcept {
    add(requests_, 1);
    add(received_bytes_, bytes);
  }
  void count_spans(std::uint64_t received) noexcept { add(received_spans_, received); }
  void count_stored(const AppendReceipt& receipt) noexcept {
    add(stored_spans_, receipt.stored);
    add(duplicate_spans_, receipt.duplicates);
  }
  void count_rejected_request(RejectReason reason) noexcept { add(rejected_requests_[index_of(reason)], 1); }
  void count_rejected_spans(RejectReason reason, std::uint64_t spans) noexcept {
    add(rejected_spans_[index_of(reason)], spans);
  }

  IngestStats snapshot() const noexcept {
    const auto read = [](const Counter& counter) { return counter.load(std::memory_order_relaxed); };
    IngestStats stats;
    stats.requests = read(requests_);
    stats.received_bytes = read(received_bytes_);
    stats.received_spans = read(received_spans_);
    stats.stored_spans = read(stored_spans_);
    stats.duplicate_spans = read(duplicate_spans_);
    std::ranges::transform(rejected_requests_, stats.rejected_requests.begin(), read);
    std::ranges::transform(rejected_spans_, stats.rejected_spans.begin(), read);
    return stats;
  }

 private:
  static void add(Counter& counter, std::uint64_t amount) noexcept {
    counter.fetch_add(amount, std::memory_order_relaxed);
  }

  Counter requests_ = 0;
  Counter received_bytes_ = 0;
  Counter received_spans_ = 0;
  Counter stored_spans_ = 0;
  Counter duplicate_spans_ = 0;
  std::array<Counter, reject_reasons.size()> rejected_requests_ = {};
  std::array<Counter, reject_reasons.size()> rejected_spans_ = {};
};

OtlpReceiver::OtlpReceiver(Store& store, const IngestLimits& limits)
    : store_(store), limits_(limits), counters_(std::make_unique<Counters>()) {}
OtlpReceiver::~OtlpReceiver() = default;

IngestStats OtlpReceiver::stats() const noexcept { return counters_->snapshot(); }

Response OtlpReceiver::handle(const Request& request) {
  if (request.path != traces_path) {
    return encode_error(request, 404, rpc_code::not_found, "this server takes spans only, at POST /v1/traces");
  }
  if (request.method != "POST") {
    Response response = encode_error(request, 405, rpc_code::unimplemented, "spans are sent with POST");
    response.headers.add("Allow", "POST");
    return response;
  }
  counters_->count_request(request.body.size());
  if (!encoding_of(request)) {
    return reject(request, RejectReason::UnsupportedMediaType,
                  "Content-Type must be application/x-protobuf or application/json");
  }
  return receive(request);
}

Response OtlpReceiver::refuse(const Request& head, unsigned status, std::string_view message) {
  const RejectReason reason = reason_for_status(status);
  Response response = reject(head, reason, message);
  response.status = status;  // 431 and 505 say more than 413 and 400
  return response;
}

Response OtlpReceiver::reject(const Request& request, RejectReason reason, std::string_view message) {
  counters_->count_rejected_request(reason);
  const Refusal refusal = refusal_for(reason);
  Response response = encode_error(request, refusal.status, refusal.code, message);
  if (refusal.status == 503) response.headers.add("Retry-After", std::to_string(limits_.retry_after_seconds));
  return response;
}

/// From the body as it was sent to the one form that is decoded: plain protobuf.
Response OtlpReceiver::receive(const Request& request) {
  if (request.body.size() > limits_.max_body_bytes) {
    return reject(request, RejectReason::TooLarge, "the body is too large");
  }
  const std::optional<Coding> coding = coding_of(request);
  if (!coding) {
    return reject(request, RejectReason::UnsupportedEncoding, "Content-Encoding must be gzip or identity");
  }
  std::string_view body = request.body;
  std::string plain;
  if (*coding == Coding::Gzip && !body.empty()) {
    Result<std::string> inflated = gunzip(body, limits_.max_body_bytes);
    if (!inflated) {
      const bool is_too_large = inflated.error().code == Errc::LimitExceeded;
      return reject(request, is_too_large ? RejectReason::TooLarge : RejectReason::Malformed, inflated.error().message);
    }
    plain = std::move(*inflated);
    body = plain;
  }
  std::string protobuf;
  if (*encoding_of(request) == Encoding::Json && !body.empty()) {
    Result<std::string> converted = otlp::request_from_json(body, limits_.decode);
    if (!converted) return reject(request, reason_for_decoding(converted.error()), converted.error().message);
    protobuf = std::move(*converted);
    body = protobuf;
  }
  Result<otlp::DecodedRequest> decoded = otlp::decode_request(body, limits_.decode);
  if (!decoded) return reject(request, reason_for_decoding(decoded.error()), decoded.error().message);
  return store(request, *decoded);
}

Response OtlpReceiver::store(const Request& request, otlp::DecodedRequest& decoded) {
  counters_->count_spans(decoded.list.spans.size() + decoded.rejected_spans);
  counters_->count_rejected_spans(RejectReason::InvalidId, decoded.rejected_spans);
  otlp::ExportResponse answer{.rejected_spans = static_cast<std::int64_t>(decoded.rejected_spans),
                              .error_message = std::move(decoded.rejection_message)};
  std::erase_if(decoded.list.spans, [&](const SpanView& span) {
    const std::optional<RejectReason> reason = exceeded_limit(span, limits_);
    if (!reason) return false;
    counters_->count_rejected_spans(*reason, 1);
    if (answer.rejected_spans++ == 0) {
      answer.error_message = "span " + span.span_id.to_hex() + ": " + std::string(to_string(*reason));
    }
    return true;
  });
  if (!decoded.list.spans.empty()) {
    const Result<AppendReceipt> receipt = store_.append(decoded.list);
    if (!receipt) return reject_append(request, receipt.error(), decoded.list.spans.size());
    counters_->count_stored(*receipt);
  }
  return encode(200, answer, *encoding_of(request));
}

Response OtlpReceiver::reject_append(const Request& request, const Error& error, std::size_t spans) {
  const RejectReason reason = reason_for_append(error);
  counters_->count_rejected_spans(reason, spans);
  if (reason == RejectReason::StoreFailed) log(LogLevel::Error, "ingest: spans not stored: " + error.message);
  return reject(request, reason, "the spans could not be stored: " + error.message);
}

}  // namespace segue::server
