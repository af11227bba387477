// The W3C Trace Context conformance cases for traceparent, as tables.
#include "segue/propagation/traceparent.h"

#include <gtest/gtest.h>

#include <string>

namespace segue {
namespace {

constexpr std::string_view trace_id = "12345678901234567890123456789012";
constexpr std::string_view span_id = "1234567890123456";

struct Accepted {
  std::string_view header;
  std::uint8_t flags;
};

constexpr Accepted accepted[] = {
    {"00-12345678901234567890123456789012-1234567890123456-00", 0x00},
    {"00-12345678901234567890123456789012-1234567890123456-01", 0x01},
    {"00-12345678901234567890123456789012-1234567890123456-02", 0x02},
    {"00-12345678901234567890123456789012-1234567890123456-03", 0x03},
    // Unknown flags are not passed on.
    {"00-12345678901234567890123456789012-1234567890123456-04", 0x00},
    {"00-12345678901234567890123456789012-1234567890123456-ff", 0x03},
    // Later versions: the known fields are read, further ones ignored.
    {"01-12345678901234567890123456789012-1234567890123456-01", 0x01},
    {"cc-12345678901234567890123456789012-1234567890123456-01", 0x01},
    {"cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like", 0x01},
    {"fe-12345678901234567890123456789012-1234567890123456-01-", 0x01},
    // Optional white space around a header's value belongs to HTTP.
    {" \t00-12345678901234567890123456789012-1234567890123456-01 \t", 0x01},
};

constexpr std::string_view refused[] = {
    "",
    "00",
    "00-12345678901234567890123456789012-1234567890123456",
    "00-12345678901234567890123456789012-1234567890123456-",
    "00-12345678901234567890123456789012-1234567890123456-0",
    // The version.
    "ff-12345678901234567890123456789012-1234567890123456-01",
    "ff-12345678901234567890123456789012-1234567890123456-01-more",
    "FE-12345678901234567890123456789012-1234567890123456-01",
    ".0-12345678901234567890123456789012-1234567890123456-01",
    "0.-12345678901234567890123456789012-1234567890123456-01",
    "0-12345678901234567890123456789012-1234567890123456-01",
    "000-12345678901234567890123456789012-1234567890123456-01",
    // Version 00 has exactly four fields.
    "00-12345678901234567890123456789012-1234567890123456-01.",
    "00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
    // Later versions have a dash before what is new.
    "cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-not-be-like",
    // The trace id.
    "00-00000000000000000000000000000000-1234567890123456-01",
    "00-.2345678901234567890123456789012-1234567890123456-01",
    "00-1234567890123456789012345678901.-1234567890123456-01",
    "00-1234567890123456789012345678901-1234567890123456-01",
    "00-123456789012345678901234567890123-1234567890123456-01",
    "00-ABCDEF78901234567890123456789012-1234567890123456-01",
    // The parent id.
    "00-12345678901234567890123456789012-0000000000000000-01",
    "00-12345678901234567890123456789012-.234567890123456-01",
    "00-12345678901234567890123456789012-123456789012345.-01",
    "00-12345678901234567890123456789012-123456789012345-01",
    "00-12345678901234567890123456789012-12345678901234567-01",
    "00-12345678901234567890123456789012-ABCDEF7890123456-01",
    // The flags.
    "00-12345678901234567890123456789012-1234567890123456-.0",
    "00-12345678901234567890123456789012-1234567890123456-0.",
    "00-12345678901234567890123456789012-1234567890123456-0A",
    // Dashes.
    "00_12345678901234567890123456789012-1234567890123456-01",
    "00-12345678901234567890123456789012_1234567890123456-01",
    "00-12345678901234567890123456789012-1234567890123456_01",
};

TEST(Traceparent, AcceptsWhatTheSpecificationAccepts) {
  for (const Accepted& row : accepted) {
    const Result<SpanContext> context = parse_traceparent(row.header);
    ASSERT_TRUE(context) << row.header << ": " << context.error().message;
    EXPECT_EQ(context->trace_id.to_hex(), trace_id) << row.header;
    EXPECT_EQ(context->span_id.to_hex(), span_id) << row.header;
    EXPECT_EQ(context->trace_flags, row.flags) << row.header;
    EXPECT_TRUE(context->is_remote) << row.header;
  }
}

TEST(Traceparent, RefusesWhatTheSpecificationRefuses) {
  for (const std::string_view header : refused) {
    const Result<SpanContext> context = parse_traceparent(header);
    ASSERT_FALSE(context) << header;
    EXPECT_EQ(context.error().code, Errc::InvalidArgument);
    EXPECT_TRUE(context.error().message.starts_with("traceparent: ")) << context.error().message;
  }
}

TEST(Traceparent, AnyOtherCharacterInPlaceOfADigitOrDashIsRefused) {
  const std::string valid = "00-12345678901234567890123456789012-1234567890123456-01";
  for (std::size_t i = 0; i < valid.size(); ++i) {
    for (const char wrong : {'G', 'g', ' ', '\0', '\xff'}) {
      std::string header = valid;
      header[i] = wrong;
      EXPECT_FALSE(parse_traceparent(header)) << "position " << i << ", character " << static_cast<int>(wrong);
    }
  }
}

TEST(Traceparent, IsWrittenInVersion00WithKnownFlagsOnly) {
  SpanContext context = *parse_traceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-future");
  TraceparentBuffer buffer;
  EXPECT_EQ(format_traceparent(context, buffer), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  context.trace_flags = 0xfe;
  EXPECT_EQ(format_traceparent(context, buffer), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02");
}

}  // namespace
}  // namespace segue
