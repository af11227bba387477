#include "otlp_grpc_client.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "segue/export/detail/remote.h"
#include "segue/otlp/response.h"
#include "tls_material.h"

namespace segue::detail {
namespace {

constexpr const char* user_agent = "Segue-OTLP-Exporter-Cpp/" SEGUE_VERSION;

struct Target {
  std::string name;  ///< As gRPC spells it.
  bool uses_tls = false;
};

/// "host", "host:port" or "[::1]:port", made complete; empty if it is none of them.
std::string with_port(std::string_view authority, std::string_view default_port) {
  if (authority.find_first_of("/?#@") != std::string_view::npos) return {};
  const std::size_t address_end = authority.rfind(']');  // of an IPv6 address
  const std::size_t colon = authority.find(':', address_end == std::string_view::npos ? 0 : address_end);
  if (colon == 0 || authority.empty()) return {};
  if (colon == std::string_view::npos) return std::string(authority) + ':' + std::string(default_port);
  const std::string_view port = authority.substr(colon + 1);
  const bool is_number =
      !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? std::string(authority) : std::string();
}

Result<Target> parse_endpoint(const OtlpGrpcOptions& options) {
  constexpr std::string_view plain = "http://";
  constexpr std::string_view secure = "https://";
  std::string_view rest = options.endpoint;
  const bool is_plain = rest.starts_with(plain);
  const bool is_secure = rest.starts_with(secure);
  if (!is_plain && !is_secure) {
    if (rest.empty()) return invalid_option("endpoint: empty");
    return Target{.name = options.endpoint, .uses_tls = !options.insecure};
  }
  rest.remove_prefix(is_plain ? plain.size() : secure.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::string authority = with_port(rest, is_plain ? "4317" : "443");
  if (authority.empty()) return invalid_option("endpoint: not a URL of host and port: " + options.endpoint);
  return Target{.name = "dns:///" + authority, .uses_tls = is_secure};
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool is_metadata_name(std::string_view name) noexcept {
  constexpr std::string_view others = "-_.";
  return !name.empty() && !name.starts_with("grpc-") && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
  });
}

/// gRPC ends the program on metadata it does not allow, so nothing of that kind may reach it.
Result<ExportHeaders> to_metadata(const ExportHeaders& headers) {
  ExportHeaders metadata;
  for (const auto& [name, value] : headers) {
    std::string lower = lower_case(name);
    if (!is_metadata_name(lower)) {
      return invalid_option("headers: not a name for gRPC metadata: \"" + name + '"');
    }
    const bool is_text = std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_text && !lower.ends_with("-bin")) {
      return invalid_option("headers: the value of " + name + " is not printable ASCII");
    }
    metadata.emplace_back(std::move(lower), value);
  }
  return metadata;
}

std::string read_file(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<GrpcCallerOptions> to_caller_options(const OtlpGrpcOptions& options, const char* method) {
  auto target = parse_endpoint(options);
  if (!target) return target.error();
  if (auto checked = check_timeout(options.timeout); !checked) return checked.error();
  if (auto checked = check_tls_files(options); !checked) return checked.error();
  auto metadata = to_metadata(options.headers);
  if (!metadata) return metadata.error();
  GrpcCallerOptions result = {.target = std::move(target->name),
                              .method = method,
                              .user_agent = user_agent,
                              .metadata = *std::move(metadata),
                              .timeout = options.timeout,
                              .compression = options.compression,
                              .uses_tls = target->uses_tls,
                              .ca_pem = read_file(options.ca_file),
                              .client_certificate_pem = read_file(options.client_certificate_file),
                              .client_key_pem = read_file(options.client_key_file)};
  const auto checked = check_tls_material(result.ca_pem, result.client_certificate_pem, result.client_key_pem);
  if (!checked) return checked.error();
  return result;
}

std::string_view to_string(GrpcCode code) noexcept {
  constexpr std::array<std::string_view, 17> names = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  const auto index = static_cast<std::size_t>(code);
  return index < names.size() ? names[index] : "an unknown code";
}

bool is_retryable(GrpcCode code, bool says_when) noexcept {
  switch (code) {
    case GrpcCode::Cancelled:
    case GrpcCode::DeadlineExceeded:
    case GrpcCode::Aborted:
    case GrpcCode::OutOfRange:
    case GrpcCode::Unavailable:
    case GrpcCode::DataLoss: return true;
    case GrpcCode::ResourceExhausted: return says_when;  // else the receiver has not promised to recover
    default: return false;
  }
}

std::string describe(const GrpcAnswer& answer) {
  constexpr std::size_t longest = 500;  // of a failed connection the reason comes last
  const std::string words = printable_excerpt(answer.message, longest);
  return "gRPC " + std::string(to_string(answer.code)) + (words.empty() ? "" : ": ") + words;
}

ExportResult read_failure(const GrpcAnswer& answer) {
  const auto status = otlp::rpc_status_from_protobuf(answer.details);
  using Delay = std::chrono::nanoseconds;
  const bool says_when = status && status->retry_delay;
  const Delay delay = says_when ? *status->retry_delay : Delay::zero();
  ExportResult result = {.outcome = ExportOutcome::Rejected, .message = describe(answer)};
  if (!is_retryable(answer.code, says_when)) return result;
  result.outcome = ExportOutcome::Retryable;
  if (delay > Delay::zero()) result.retry_after = std::chrono::ceil<std::chrono::milliseconds>(delay);
  return result;
}

}  // namespace

Result<OtlpGrpcClient> OtlpGrpcClient::create(const OtlpGrpcOptions& options, const char* method) {
  const auto caller_options = to_caller_options(options, method);
  if (!caller_options) return caller_options.error();
  auto caller = GrpcCaller::create(*caller_options);
  if (!caller) return caller.error();
  return OtlpGrpcClient(*std::move(caller));
}

ExportResult OtlpGrpcClient::send(std::span<const std::string_view> pieces, std::size_t size) noexcept {
  try {
    const GrpcAnswer answer = caller_->call(pieces, size);
    if (answer.code != GrpcCode::Ok) return read_failure(answer);
    return delivered(otlp::export_response_from_protobuf(answer.body));
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

}  // namespace segue::detail
