// Against a receiver that accepts the connection and then reads nothing.
#include "grpc_caller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "silent_http2_server.h"

namespace segue::detail {
namespace {

using namespace std::chrono_literals;
using test::SilentHttp2Server;

class SilentReceiver : public testing::Test {
 protected:
  static constexpr std::size_t more_than_sockets_hold = 16'000'000;

  SilentReceiver()
      : caller_(*GrpcCaller::create({.target = server_->address(),
                                     .method = "/a.Service/Method",
                                     .user_agent = "test",
                                     .metadata = {},
                                     .timeout = 100ms,
                                     .ca_pem = {},
                                     .client_certificate_pem = {},
                                     .client_key_pem = {}})) {}
  ~SilentReceiver() override { server_.reset(); }  // so that calls given up can end

  GrpcAnswer call(std::string_view request) { return caller_->call({&request, 1}, request.size()); }

  std::unique_ptr<SilentHttp2Server> server_ = std::make_unique<SilentHttp2Server>();
  std::unique_ptr<GrpcCaller> caller_;
};

TEST_F(SilentReceiver, ACallEndsThoughItsRequestIsStillBeingWritten) {
  const GrpcAnswer answer = call(std::string(more_than_sockets_hold, 'x'));
  EXPECT_EQ(answer.code, GrpcCode::DeadlineExceeded);
  EXPECT_EQ(answer.message, "the receiver stopped reading");
  EXPECT_EQ(caller_->calls_given_up(), 1U);
}

TEST_F(SilentReceiver, OnlyTheCallersCopyIsWrittenFurther) {
  std::string request(more_than_sockets_hold, 'x');
  static_cast<void>(call(request));
  ASSERT_EQ(caller_->calls_given_up(), 1U);
  std::ranges::fill(request, '!');

  std::string sent;
  std::thread reader([&] { sent = server_->read_from_first(); });
  while (caller_->calls_given_up() > 0) static_cast<void>(call("small"));  // goes on with the one given up, too
  server_->hang_up();
  reader.join();
  EXPECT_NE(sent.find("xxxxxxxx"), std::string::npos);
  EXPECT_EQ(sent.find("!!!!!!!!"), std::string::npos);
}

TEST_F(SilentReceiver, FewRequestsAreKeptAtATime) {
  const std::string request(more_than_sockets_hold, 'x');
  for (std::size_t i = 0; i < GrpcCaller::max_calls_given_up; ++i) static_cast<void>(call(request));
  EXPECT_EQ(caller_->calls_given_up(), GrpcCaller::max_calls_given_up);
  EXPECT_EQ(call(request).message, "the receiver stopped reading");
  EXPECT_EQ(caller_->calls_given_up(), GrpcCaller::max_calls_given_up);

  server_.reset();
  while (caller_->calls_given_up() > 0) static_cast<void>(call("small"));
}

}  // namespace
}  // namespace segue::detail
