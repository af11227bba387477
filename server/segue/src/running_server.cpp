#include "running_server.h"

#include "segue/server/store/rocks_store.h"

namespace segue::server {

Result<std::unique_ptr<RunningServer>> RunningServer::start(const ServeOptions& options) {
  std::unique_ptr<RunningServer> server(new RunningServer);
  if (Result<void> opened = server->open_store(options); !opened) return opened.error();
  if (Result<void> started = server->start_receiving(options); !started) return started.error();
  if (Result<void> started = server->start_answering(options); !started) return started.error();
  return server;
}

Result<void> RunningServer::open_store(const ServeOptions& options) {
  Result<std::unique_ptr<Store>> store = open_rocks_store({.directory = options.data_folder});
  if (!store) return store.error().with_context("data folder (--data)");
  store_ = std::move(*store);
  return {};
}

Result<void> RunningServer::start_receiving(const ServeOptions& options) {
  receiver_ = std::make_unique<OtlpReceiver>(*store_, IngestLimits{});
  HttpServerOptions http;
  http.address = options.address;
  http.port = options.otlp_port;
  http.max_body_bytes = receiver_->limits().max_body_bytes;
  http.error_responder = [this](const Request& head, unsigned status, std::string_view message) {
    return receiver_->refuse(head, status, message);
  };
  auto server =
      HttpServer::start(std::move(http), [this](const Request& request) { return receiver_->handle(request); });
  if (!server) return server.error().with_context("OTLP/HTTP (--address, --otlp-port)");
  otlp_http_ = std::move(*server);
  return {};
}

Result<void> RunningServer::start_answering(const ServeOptions& options) {
  constexpr std::size_t max_request_body = 64 << 10;  // nothing here reads a body
  const MetricSources sources = {
      .ingest = [this] { return receiver_->stats(); },
      .otlp_http = [this] { return otlp_http_->stats(); },
      .api_http =
          [this] {
            const HttpServer* server = api_http_for_metrics_;
            return server != nullptr ? server->stats() : HttpServerStats{};
          },
  };
  api_ = std::make_unique<Api>(*store_, sources);
  HttpServerOptions http;
  http.address = options.address;
  http.port = options.port;
  http.worker_threads = 8;
  http.max_body_bytes = max_request_body;
  http.error_responder = api_error;
  auto server = HttpServer::start(std::move(http), [this](const Request& request) { return api_->handle(request); });
  if (!server) return server.error().with_context("web page and API (--address, --port)");
  api_http_ = std::move(*server);
  api_http_for_metrics_ = api_http_.get();
  return {};
}

void RunningServer::stop() {
  if (api_http_) api_http_->stop();
  if (otlp_http_) otlp_http_->stop();
  store_.reset();
}

}  // namespace segue::server
