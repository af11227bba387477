// RunningServer: store, receiver and API, started in the order in which they need one another.
//
//   Result<std::unique_ptr<RunningServer>> server = RunningServer::start(options);
//   if (!server) return fail(server.error());
//   wait_for_signal();
//   (*server)->stop();
//
// Thread safety: none; the threads it starts are its own business. Errors: those of the part that did not start, with a
// hint at the option that helps; what had started before is stopped again.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "segue/base/result.h"
#include "segue/server/api/api.h"
#include "segue/server/http/http_server.h"
#include "segue/server/ingest/otlp_receiver.h"
#include "segue/server/store/store.h"
#include "serve.h"

namespace segue::server {

class RunningServer {
 public:
  static Result<std::unique_ptr<RunningServer>> start(const ServeOptions& options);
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  std::uint16_t api_port() const noexcept { return api_http_->port(); }
  std::uint16_t otlp_port() const noexcept { return otlp_http_->port(); }

  /// The reverse of the start: no more readers, no more spans, then the store is closed. Does nothing the second time.
  void stop();

 private:
  RunningServer() = default;
  Result<void> open_store(const ServeOptions& options);
  Result<void> start_receiving(const ServeOptions& options);
  Result<void> start_answering(const ServeOptions& options);

  // In the order of start. Handlers run before `start` has returned the server they belong to, so that what /metrics
  // asks about the API's own server goes through an atomic.
  std::unique_ptr<Store> store_;
  std::unique_ptr<OtlpReceiver> receiver_;
  std::unique_ptr<HttpServer> otlp_http_;
  std::atomic<const HttpServer*> api_http_for_metrics_ = nullptr;
  std::unique_ptr<Api> api_;
  std::unique_ptr<HttpServer> api_http_;
};

}  // namespace segue::server
