#include "grpc_sink.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

namespace segue::bench {
namespace {

// One call: reads the request and answers with an empty success.
class Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call() { StartRead(&message_); }
  void OnReadDone(bool succeeded) override {
    if (!succeeded) return Finish({grpc::StatusCode::INTERNAL, "no request"});
    const grpc::Slice nothing;
    message_ = grpc::ByteBuffer(&nothing, 1);
    StartWriteAndFinish(&message_, {}, grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer message_;
};

class Service final : public grpc::CallbackGenericService {
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override { return new Call; }
};

[[noreturn]] void run(int report) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&service);
  builder.SetMaxReceiveMessageSize(-1);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || write(report, &port, sizeof port) != sizeof port) std::exit(1);
  server->Wait();
  std::exit(0);
}

}  // namespace

GrpcSink::GrpcSink() {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  child_ = fork();
  if (child_ == 0) run(ends[1]);
  close(ends[1]);
  int port = 0;
  if (read(ends[0], &port, sizeof port) != sizeof port) std::abort();
  close(ends[0]);
  url_ = "http://127.0.0.1:" + std::to_string(port);
}

GrpcSink::~GrpcSink() {
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

}  // namespace segue::bench
