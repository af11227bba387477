// A collector that speaks gRPC, reads and forgets, in a process of its own, so that its CPU is nobody else's.
#pragma once

#include <sys/types.h>

#include <string>

namespace segue::bench {

class GrpcSink {
 public:
  /// Forks; create it before other threads exist.
  GrpcSink();
  ~GrpcSink();
  GrpcSink(const GrpcSink&) = delete;
  GrpcSink& operator=(const GrpcSink&) = delete;

  /// http://127.0.0.1:<port>
  const std::string& url() const noexcept { return url_; }

 private:
  pid_t child_ = -1;
  std::string url_;
};

}  // namespace segue::bench
