// GrpcCaller: calls one unary method with request bytes that are already encoded, over one kept connection.
//
// A call ends by its timeout in any case. Where gRPC does not let go of it then, because the receiver does not read,
// call and connection are set aside until it does.
//
//   const GrpcAnswer answer = caller.call(frame.pieces(), frame.size());
//   if (answer.code == GrpcCode::Ok) read(answer.body);
//
// The one border to gRPC's C++ API: its headers are included in grpc_caller.cpp alone.
// Thread safety: one call at a time, from any thread. Errors: the answer's code, gRPC's own.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/export/otlp_options.h"

namespace segue::detail {

/// gRPC's status codes by their numbers on the wire.
enum class GrpcCode : int {
  Ok = 0,
  Cancelled = 1,
  Unknown = 2,
  InvalidArgument = 3,
  DeadlineExceeded = 4,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Aborted = 10,
  OutOfRange = 11,
  Unimplemented = 12,
  Internal = 13,
  Unavailable = 14,
  DataLoss = 15,
  Unauthenticated = 16,
};

struct GrpcCallerOptions {
  std::string target;  ///< As gRPC spells it, e.g. "dns:///localhost:4317".
  std::string method;  ///< "/package.Service/Method".
  std::string user_agent;
  ExportHeaders metadata;  ///< Valid metadata, in lower case.
  std::chrono::milliseconds timeout;
  OtlpCompression compression = OtlpCompression::None;
  bool uses_tls = false;
  std::string ca_pem;  ///< Empty: the system's.
  std::string client_certificate_pem;
  std::string client_key_pem;
};

struct GrpcAnswer {
  GrpcCode code = GrpcCode::Unknown;
  std::string message = {};
  std::string details = {};  ///< An encoded google.rpc.Status, or empty.
  std::string body = {};     ///< The response message, if the code is Ok.
};

class GrpcCaller {
 public:
  static constexpr int max_response_bytes = 4 << 20;
  /// Calls, each with its request, that may be left to gRPC when their time is over; until they have ended there
  /// are no further ones.
  static constexpr std::size_t max_calls_given_up = 4;

  /// InvalidArgument where gRPC cannot use the target, the certificates or the key; FailedPrecondition in the forked child
  /// of a process that has created one.
  static Result<std::unique_ptr<GrpcCaller>> create(const GrpcCallerOptions& options);
  ~GrpcCaller();
  GrpcCaller(const GrpcCaller&) = delete;
  GrpcCaller& operator=(const GrpcCaller&) = delete;

  /// Sends the pieces one after the other as one message of `size` bytes; they are not needed after it returns, which it
  /// does within the timeout and a fifth of a second.
  GrpcAnswer call(std::span<const std::string_view> pieces, std::size_t size);

  /// Calls that have ended for us, but whose requests are still being written to a receiver that does not read.
  std::size_t calls_given_up() const noexcept;

 private:
  class Connection;
  struct State;
  explicit GrpcCaller(const GrpcCallerOptions& options);
  void end_given_up_calls(std::chrono::milliseconds each);

  std::unique_ptr<State> state_;
};

}  // namespace segue::detail
