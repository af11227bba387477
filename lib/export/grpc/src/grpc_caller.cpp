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

using SystemClock = std::chrono::system_clock;

/// How much longer than its deadline a call may take. gRPC does not end one while the connection is still writing its
/// request, which is for ever where the receiver stopped reading.
constexpr std::chrono::milliseconds patience{200};

constexpr const char* stuck_problem = "the receiver stopped reading";
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
  // No call lasts long enough for a ping, but this has the kernel close a connection whose peer takes no data for 20 s.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 600'000);
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

/// One channel, its queue, and the call that is under way on it.
class GrpcCaller::Connection {
 public:
  explicit Connection(const GrpcCallerOptions& options)
      : options_(options), channel_(connect(options)), stub_(channel_) {}

  /// Only while no call is under way.
  ~Connection() {
    call_.reset();
    queue_.Shutdown();
    void* tag = nullptr;
    bool succeeded = false;
    while (queue_.Next(&tag, &succeeded)) {
    }
  }

  bool is_usable() const { return channel_->GetState(false) != GRPC_CHANNEL_SHUTDOWN; }

  void start(const grpc::ByteBuffer& request) {
    call_ = std::make_unique<Call>();
    call_->context.set_deadline(SystemClock::now() + options_.timeout);
    if (options_.compression == OtlpCompression::Gzip) call_->context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    for (const auto& [name, value] : options_.metadata) call_->context.AddMetadata(name, value);
    call_->reader = stub_.PrepareUnaryCall(&call_->context, options_.method, request, &queue_);
    call_->reader->StartCall();
    call_->reader->Finish(&call_->response, &call_->status, this);
  }

  /// Works for the call until it has ended, true, or until `deadline`.
  bool wait(SystemClock::time_point deadline) {
    void* tag = nullptr;
    bool succeeded = false;
    return queue_.AsyncNext(&tag, &succeeded, deadline) == grpc::CompletionQueue::GOT_EVENT;
  }

  /// Of the call that has ended.
  GrpcAnswer answer() const {
    return {.code = static_cast<GrpcCode>(call_->status.error_code()),
            .message = call_->status.error_message(),
            .details = call_->status.error_details(),
            .body = joined(call_->response)};
  }

 private:
  /// What gRPC writes into until the call has ended.
  struct Call {
    grpc::ClientContext context;
    grpc::ByteBuffer response;
    grpc::Status status;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;  // after the context: it lives in its memory
  };

  const GrpcCallerOptions& options_;
  grpc::CompletionQueue queue_;
  std::shared_ptr<grpc::Channel> channel_;
  grpc::GenericStub stub_;
  std::unique_ptr<Call> call_;
};

struct GrpcCaller::State {
  explicit State(const GrpcCallerOptions& given) : options(given), connection(std::make_unique<Connection>(options)) {}

  void reconnect() { connection = std::make_unique<Connection>(options); }

  GrpcCallerOptions options;
  std::unique_ptr<Connection> connection;
  std::vector<std::unique_ptr<Connection>> given_up;  // with calls that have ended for us, but not for gRPC
  RequestMemory memory;
  pid_t process = getpid();
};

Result<std::unique_ptr<GrpcCaller>> GrpcCaller::create(const GrpcCallerOptions& options) {
  static const pid_t first_user = getpid();  // later ones may be its forked children, where gRPC waits for ever
  if (first_user != getpid()) return Error{Errc::FailedPrecondition, fork_problem};
  std::unique_ptr<GrpcCaller> caller(new GrpcCaller(options));
  if (!caller->state_->connection->is_usable()) {
    return Error{Errc::InvalidArgument, "gRPC cannot use the endpoint or the certificates"};
  }
  return caller;
}

GrpcCaller::GrpcCaller(const GrpcCallerOptions& options) : state_(std::make_unique<State>(options)) {}

// In a forked child gRPC's threads are gone, and a call that has not ended cannot be taken back: closing such a connection
// might wait for ever, so it is left open.
GrpcCaller::~GrpcCaller() {
  if (state_->process != getpid()) {
    static_cast<void>(state_.release());
    return;
  }
  end_given_up_calls(patience);
  if (!state_->given_up.empty()) static_cast<void>(state_.release());
}

std::size_t GrpcCaller::calls_given_up() const noexcept { return state_->given_up.size(); }

void GrpcCaller::end_given_up_calls(std::chrono::milliseconds each) {
  std::erase_if(state_->given_up, [&](const auto& connection) { return connection->wait(SystemClock::now() + each); });
}

GrpcAnswer GrpcCaller::call(std::span<const std::string_view> pieces, std::size_t size) {
  if (state_->process != getpid()) return {.code = GrpcCode::FailedPrecondition, .message = fork_problem};
  end_given_up_calls(std::chrono::milliseconds(0));
  if (state_->given_up.size() >= max_calls_given_up)
    return {.code = GrpcCode::DeadlineExceeded, .message = stuck_problem};

  grpc::Slice slice = state_->memory.copy(pieces, size);
  state_->connection->start(grpc::ByteBuffer(&slice, 1));
  if (!state_->connection->wait(SystemClock::now() + state_->options.timeout + patience)) {
    state_->given_up.push_back(std::move(state_->connection));
    state_->reconnect();
    return {.code = GrpcCode::DeadlineExceeded, .message = stuck_problem};
  }
  GrpcAnswer answer = state_->connection->answer();
  // The connection may be dead without anybody having noticed: the next call gets a new one.
  if (answer.code == GrpcCode::DeadlineExceeded) state_->reconnect();
  return answer;
}

}  // namespace segue::detail
