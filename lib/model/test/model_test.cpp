#include <gtest/gtest.h>

#include "segue/model/attributes.h"
#include "segue/model/ids.h"
#include "segue/model/span_context.h"
#include "segue/model/span_view.h"

namespace segue {
namespace {

TEST(Ids, ReadAndWriteHexAndKnowTheInvalidId) {
  const auto id = TraceId::from_hex("4BF92F3577B34DA6A3CE929D0E0E4736");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->to_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_TRUE(id->is_valid());
  EXPECT_FALSE(TraceId{}.is_valid());
  EXPECT_FALSE(SpanId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_EQ(SpanId::from_bytes("12345678")->as_bytes(), "12345678");
  EXPECT_FALSE(SpanId::from_bytes("1234567"));
}

TEST(SpanContext, IsValidOnlyWithBothIds) {
  SpanContext context;
  EXPECT_FALSE(context.is_valid());
  context.trace_id.bytes[0] = 1;
  EXPECT_FALSE(context.is_valid());
  context.span_id.bytes[0] = 1;
  EXPECT_TRUE(context.is_valid());
  EXPECT_FALSE(context.is_sampled());
  context.trace_flags = 0x03;
  EXPECT_TRUE(context.is_sampled());
}

TEST(Attributes, TheLastValueOfARepeatedKeyWins) {
  const AttributeViews views = {{"a", std::string_view("first")}, {"b", true}, {"a", std::string_view("second")}};
  EXPECT_EQ(find_string(views, "a"), "second");
  EXPECT_EQ(find_string(views, "b"), "");
  EXPECT_EQ(find_attribute(views, "c"), nullptr);
}

TEST(SpanView, ADurationIsNeverNegative) {
  SpanView span;
  span.start_unix_nanos = 10;
  span.end_unix_nanos = 4;
  EXPECT_EQ(span.duration_nanos(), 0U);
  span.end_unix_nanos = 14;
  EXPECT_EQ(span.duration_nanos(), 4U);
}

}  // namespace
}  // namespace segue
