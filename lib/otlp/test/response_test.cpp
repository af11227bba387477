#include "segue/otlp/response.h"

#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <limits>
#include <string>

#include "messages.h"

namespace segue::otlp {
namespace {

using namespace std::chrono_literals;
using test::message;
using test::Writer;

TEST(ExportResponse, IsEmptyOnSuccess) {
  EXPECT_EQ(to_protobuf(ExportResponse{}), "");
  EXPECT_EQ(to_json(ExportResponse{}), "{}");
  EXPECT_EQ(export_response_from_protobuf("").value(), ExportResponse{});
  EXPECT_EQ(export_response_from_json("{}").value(), ExportResponse{});
}

TEST(ExportResponse, RoundTripsInBothEncodings) {
  const ExportResponse response = {.rejected_spans = 1, .error_message = "span id is all zeros"};
  EXPECT_EQ(to_protobuf(response), "\x0a\x18\x08\x01\x12\x14span id is all zeros");
  EXPECT_EQ(export_response_from_protobuf(to_protobuf(response)).value(), response);
  EXPECT_EQ(to_json(response), R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":"span id is all zeros"}})");
  EXPECT_EQ(export_response_from_json(to_json(response)).value(), response);
}

TEST(ExportResponse, CarriesAWarningWithoutRejections) {
  const ExportResponse response = {.error_message = "deprecated"};
  EXPECT_EQ(to_json(response), R"({"partialSuccess":{"errorMessage":"deprecated"}})");
  EXPECT_EQ(export_response_from_protobuf(to_protobuf(response)).value(), response);
}

TEST(ExportResponse, RefusesWhatIsMalformed) {
  EXPECT_FALSE(export_response_from_protobuf("\x0a\x05"));
  EXPECT_FALSE(export_response_from_protobuf("\x0a\x02\x0a\x00"));
  EXPECT_FALSE(export_response_from_json("<html>"));
  EXPECT_FALSE(export_response_from_json(R"({"partialSuccess":{"rejectedSpans":"many"}})"));
}

TEST(RpcStatus, RoundTripsInBothEncodings) {
  const RpcStatus status = {.code = 3, .message = "bad \"request\""};
  EXPECT_EQ(to_protobuf(status),
            "\x08\x03\x12\x0d"
            "bad \"request\"");
  EXPECT_EQ(rpc_status_from_protobuf(to_protobuf(status)).value(), status);
  EXPECT_EQ(to_json(status), R"({"code":3,"message":"bad \"request\""})");
  EXPECT_EQ(rpc_status_from_json(to_json(status)).value(), status);
  EXPECT_EQ(rpc_status_from_json(R"({"code":14,"message":"m","details":[{"@type":"x"}]})").value(),
            (RpcStatus{.code = 14, .message = "m"}));
}

TEST(RpcStatus, KeepsNegativeCodes) {
  const RpcStatus status = {.code = -2};
  EXPECT_EQ(rpc_status_from_protobuf(to_protobuf(status)).value(), status);
  EXPECT_EQ(rpc_status_from_json(to_json(status)).value(), status);
}

TEST(RpcStatus, CarriesTheRetryDelay) {
  for (const std::chrono::nanoseconds delay :
       std::initializer_list<std::chrono::nanoseconds>{0ns, 1ns, 5s + 250ms, 2h}) {
    const RpcStatus status = {.code = 14, .message = "busy", .retry_delay = delay};
    EXPECT_EQ(rpc_status_from_protobuf(to_protobuf(status)).value(), status) << delay.count();
  }
}

TEST(RpcStatus, SaturatesAbsurdRetryDelays) {
  const std::string duration = message([](Writer& writer) {
    writer.add_int64(1, std::numeric_limits<std::int64_t>::max());
    writer.add_int32(2, std::numeric_limits<std::int32_t>::max());
  });
  const std::string bytes = message([&](Writer& status) {
    status.add_message(3, message([&](Writer& any) {
                         any.add_string(1, "type.googleapis.com/google.rpc.RetryInfo");
                         any.add_message(2, message([&](Writer& info) { info.add_message(1, duration); }));
                       }));
  });
  const auto status = rpc_status_from_protobuf(bytes);
  ASSERT_TRUE(status);
  ASSERT_TRUE(status->retry_delay);
  EXPECT_GT(*status->retry_delay, 24h * 365 * 290);
}

TEST(RpcStatus, IgnoresDetailsOfOtherTypes) {
  const std::string bytes = message([](Writer& status) {
    status.add_message(3, message([](Writer& any) {
                         any.add_string(1, "type.googleapis.com/google.rpc.DebugInfo");
                         any.add_message(2, std::string("\xff\xff"));
                       }));
  });
  const auto status = rpc_status_from_protobuf(bytes);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->retry_delay, std::nullopt);
}

}  // namespace
}  // namespace segue::otlp
