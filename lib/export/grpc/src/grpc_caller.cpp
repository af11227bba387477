#include "grpc_caller.h"

#include <unistd.h>

#include <atomic>
#include <vector>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

namespace segue::detail {
namespace {

constexpr const char* fork_problem = "gRPC does not survive a fork: start it in the child alone, or send by HTTP";

std::shared_ptr<grpc::ChannelCredentials> make_credentials(const GrpcCallerOptions& options) {
  if (!options.uses_tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = options.ca_pem;
  tls.pem_cert_chain = options.client_certificate_pem;
  tls.pem_private_key = options.client_key_pem;
  return grpc::SslCredentials(tls);
}

std::shared_ptr<grpc::Channel> connect(const GrpcCallerOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix(options.user_agent);
  arguments.SetMaxReceiveMessageSize(GrpcCaller::max_response_bytes);
  // The back end retries by OTLP's rules, and a retry of gRPC's own would keep every request in memory.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A connection of our own: another exporter's failures and pauses are none of ours.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // gRPC pauses up to two minutes after failed attempts to connect; how long to wait is the back end's to say.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  return grpc::CreateCustomChannel(options.target, make_credentials(options), arguments);
}

/// The request's memory. gRPC may hold on to it after a call was given up, until its connection lets go.
class RequestMemory {
 public:
  /// The pieces in one slice. Copying costs a few microseconds and is what makes giving up safe: the connection of a
  /// receiver that stopped reading still refers to the request long after the call has ended.
  grpc::Slice copy(std::span<const std::string_view> pieces, std::size_t size) {
    if (bytes_ == nullptr || bytes_.use_count() > 1) bytes_ = std::make_shared<std::string>();
    std::atomic_thread_fence(std::memory_order_acquire);  // after what another thread did before it let go
    bytes_->clear();
    bytes_->reserve(size);
    for (const std::string_view piece : pieces) bytes_->append(piece);
    using Owner = std::shared_ptr<std::string>;
    const auto let_go = [](void* owner) { delete static_cast<Owner*>(owner); };
    return grpc::Slice(bytes_->data(), bytes_->size(), let_go, new Owner(bytes_));
  }

 private:
  std::shared_ptr<std::string> bytes_;
};

std::string joined(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

}  // namespace

struct GrpcCaller::Connection {
  explicit Connection(const GrpcCallerOptions& given) : options(given) { open(); }

  ~Connection() {
    queue.Shutdown();
    void* tag = nullptr;
    bool succeeded = false;
    while (queue.Next(&tag, &succeeded)) {
    }
  }

  void open() {
    channel = connect(options);
    stub = std::make_unique<grpc::GenericStub>(channel);
  }

  GrpcAnswer call(const grpc::ByteBuffer& request);

  GrpcCallerOptions options;
  grpc::CompletionQueue queue;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<grpc::GenericStub> stub;
  RequestMemory memory;
  pid_t process = getpid();
};

GrpcAnswer GrpcCaller::Connection::call(const grpc::ByteBuffer& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + options.timeout);
  if (options.compression == OtlpCompression::Gzip) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  for (const auto& [name, value] : options.metadata) context.AddMetadata(name, value);

  grpc::ByteBuffer response;
  grpc::Status status;
  const auto reader = stub->PrepareUnaryCall(&context, options.method, request, &queue);
  reader->StartCall();
  reader->Finish(&response, &status, this);
  void* tag = nullptr;
  bool succeeded = false;
  queue.Next(&tag, &succeeded);  // the call's deadline ends it at the latest
  return {.code = static_cast<GrpcCode>(status.error_code()),
          .message = status.error_message(),
          .details = status.error_details(),
          .body = joined(response)};
}

Result<std::unique_ptr<GrpcCaller>> GrpcCaller::create(const GrpcCallerOptions& options) {
  static const pid_t first_user = getpid();  // later ones may be its forked children, where gRPC waits for ever
  if (first_user != getpid()) return Error{Errc::FailedPrecondition, fork_problem};
  std::unique_ptr<GrpcCaller> caller(new GrpcCaller(options));
  if (caller->connection_->channel->GetState(false) == GRPC_CHANNEL_SHUTDOWN) {
    return Error{Errc::InvalidArgument, "gRPC cannot use the endpoint or the certificates"};
  }
  return caller;
}

GrpcCaller::GrpcCaller(const GrpcCallerOptions& options) : connection_(std::make_unique<Connection>(options)) {}

GrpcCaller::~GrpcCaller() {
  // In a forked child gRPC's threads are gone, and whoever closes the connection may wait for them for ever.
  if (connection_->process != getpid()) static_cast<void>(connection_.release());
}

GrpcAnswer GrpcCaller::call(std::span<const std::string_view> pieces, std::size_t size) {
  if (connection_->process != getpid()) {
    return {.code = GrpcCode::FailedPrecondition, .message = fork_problem};
  }
  grpc::Slice slice = connection_->memory.copy(pieces, size);
  GrpcAnswer answer = connection_->call(grpc::ByteBuffer(&slice, 1));
  // The connection may be dead without anybody having noticed: the next call gets a new one.
  if (answer.code == GrpcCode::DeadlineExceeded) connection_->open();
  return answer;
}

}  // namespace segue::detail
