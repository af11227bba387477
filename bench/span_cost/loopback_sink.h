// A collector that reads and forgets, in a process of its own, so that its CPU is nobody else's.
#pragma once

#include <sys/types.h>

#include <string>

namespace segue::bench {

class LoopbackSink {
 public:
  /// Forks; call it before other threads exist.
  LoopbackSink();
  ~LoopbackSink();
  LoopbackSink(const LoopbackSink&) = delete;
  LoopbackSink& operator=(const LoopbackSink&) = delete;

  /// http://127.0.0.1:<port>
  const std::string& url() const noexcept { return url_; }

 private:
  pid_t child_ = -1;
  std::string url_;
};

}  // namespace segue::bench
