// GrpcServer: a real gRPC server on a free port of this machine that plays prepared answers to any method, for tests.
//
//   GrpcServer server({{.code = 14, .message = "busy"}, {}});  // an empty answer is OK with an empty message
//   send_to("http://" + server.address());
//   EXPECT_EQ(server.requests().at(0).metadata.at("x-api-key"), "secret");
//
// After the last prepared answer it repeats it. Thread safety: `requests` from any thread.
// Errors: a server that does not start throws.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

namespace segue::test {

struct GrpcServerAnswer {
  int code = 0;
  std::string message = {};
  std::string details = {};  ///< An encoded google.rpc.Status.
  std::string body = {};     ///< The response message.
  enum class Then { Answer, NeverAnswer } then = Then::Answer;
};

struct GrpcServerRequest {
  std::string method;
  std::multimap<std::string, std::string> metadata;
  std::string body;

  /// The first value of a name, or empty.
  std::string value(const std::string& name) const {
    const auto found = metadata.find(name);
    return found == metadata.end() ? std::string() : found->second;
  }
};

struct GrpcServerOptions {
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  bool accepts_gzip = true;
  std::string address = "127.0.0.1:0";
};

class GrpcServer {
 public:
  explicit GrpcServer(std::vector<GrpcServerAnswer> answers = {{}}, const GrpcServerOptions& options = {})
      : service_(std::move(answers)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(options.address, options.credentials, &port_);
    builder.RegisterCallbackGenericService(&service_);
    builder.SetMaxReceiveMessageSize(-1);
    builder.SetMaxSendMessageSize(-1);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    if (!options.accepts_gzip) builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) throw std::runtime_error("no gRPC server on " + options.address);
  }
  ~GrpcServer() { server_->Shutdown(std::chrono::system_clock::now()); }
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::vector<GrpcServerRequest> requests() const { return service_.requests(); }

 private:
  class Service;

  class Call final : public grpc::ServerGenericBidiReactor {
   public:
    Call(Service& service, grpc::GenericCallbackServerContext* context) : service_(service) {
      request_.method = context->method();
      for (const auto& [name, value] : context->client_metadata()) {
        request_.metadata.emplace(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
      }
      StartRead(&message_);
    }

    void OnReadDone(bool succeeded) override {
      if (!succeeded) return Finish({grpc::StatusCode::INTERNAL, "no request"});
      request_.body = joined(message_);
      const GrpcServerAnswer answer = service_.answer(std::move(request_));
      if (answer.then == GrpcServerAnswer::Then::NeverAnswer) return;  // until the client gives up
      if (answer.code != 0) {
        return Finish({static_cast<grpc::StatusCode>(answer.code), answer.message, answer.details});
      }
      const grpc::Slice slice(answer.body);
      message_ = grpc::ByteBuffer(&slice, 1);
      StartWriteAndFinish(&message_, {}, grpc::Status::OK);
    }

    void OnCancel() override {
      if (request_.method.empty()) Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

   private:
    static std::string joined(const grpc::ByteBuffer& buffer) {
      std::vector<grpc::Slice> slices;
      std::string bytes;
      if (!buffer.Dump(&slices).ok()) return bytes;
      for (const auto& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
      return bytes;
    }

    Service& service_;
    GrpcServerRequest request_;
    grpc::ByteBuffer message_;
  };

  class Service final : public grpc::CallbackGenericService {
   public:
    explicit Service(std::vector<GrpcServerAnswer> answers) : answers_(std::move(answers)) {}

    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
      return new Call(*this, context);
    }

    GrpcServerAnswer answer(GrpcServerRequest request) {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(std::move(request));
      return answers_.at(std::min(requests_.size(), answers_.size()) - 1);
    }

    std::vector<GrpcServerRequest> requests() const {
      const std::scoped_lock lock(mutex_);
      return requests_;
    }

   private:
    std::vector<GrpcServerAnswer> answers_;
    mutable std::mutex mutex_;
    std::vector<GrpcServerRequest> requests_;
  };

  Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace segue::test
