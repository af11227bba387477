// The W3C Trace Context conformance cases for tracestate, as tables.
#include "segue/propagation/tracestate.h"

#include <gtest/gtest.h>

#include <string>

namespace segue {
namespace {

std::string numbered_members(int count) {
  std::string header;
  for (int i = 0; i < count; ++i) header += (i == 0 ? "" : ",") + ("bar" + std::to_string(i)) + "=1";
  return header;
}

struct Accepted {
  std::string header;
  std::string kept;
};

TEST(TraceState, AcceptsWhatTheSpecificationAccepts) {
  const std::string long_key(256, 'z');
  const std::string long_value(256, 'v');
  const Accepted accepted[] = {
      {"", ""},
      {"foo=1", "foo=1"},
      {"foo=1,bar=2", "foo=1,bar=2"},
      {"foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"},
      {"foo=1,", "foo=1"},
      {",foo=1,,bar=2", "foo=1,bar=2"},
      {" , ", ""},
      // A repeated key: the newest stays.
      {"foo=1,bar=2,foo=3", "foo=1,bar=2"},
      {"foo=1,foo=1", "foo=1"},
      // Every character a key may have, and a digit in front.
      {"abcdefghijklmnopqrstuvwxyz0123456789_-*/@=1", "abcdefghijklmnopqrstuvwxyz0123456789_-*/@=1"},
      {"0foo=1", "0foo=1"},
      {"tenant@vendor=1", "tenant@vendor=1"},
      // Every kind of character a value may have; inner and leading spaces count.
      {"foo=!\"#$%&'()*+-./09:;<>?@AZ[\\]^_`az{|}~", "foo=!\"#$%&'()*+-./09:;<>?@AZ[\\]^_`az{|}~"},
      {"foo= a b ", "foo= a b"},
      {long_key + "=1", long_key + "=1"},
      {"foo=" + long_value, "foo=" + long_value},
      {numbered_members(32), numbered_members(32)},
  };
  for (const Accepted& row : accepted) {
    const Result<TraceState> state = parse_trace_state(row.header);
    ASSERT_TRUE(state) << row.header << ": " << state.error().message;
    EXPECT_EQ(state->header(), row.kept);
  }
}

TEST(TraceState, RefusesWhatTheSpecificationRefuses) {
  const std::string refused[] = {
      "foo",
      "=1",
      "foo=",
      "foo =1",
      "FOO=1",
      "foo.bar=1",
      "-foo=1",
      "_foo=1",
      "foo@=1,bar",
      "foo=1=2",
      "foo=1,bar=2;3=4",
      "foo=\x7f",
      "foo=\xc3\xa9",
      "foo=a\tb",
      std::string("foo=a\0b", 7),
      std::string(257, 'z') + "=1",
      "foo=" + std::string(257, 'v'),
  };
  for (const std::string& header : refused) {
    const Result<TraceState> state = parse_trace_state(header);
    ASSERT_FALSE(state) << header;
    EXPECT_EQ(state.error().code, Errc::InvalidArgument);
  }
}

TEST(TraceState, MoreThan32MembersAreTooMany) {
  const Result<TraceState> state = parse_trace_state(numbered_members(33));
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, Errc::LimitExceeded);
}

TEST(TraceState, SeveralFieldsAreOneList) {
  const std::string_view fields[] = {"foo=1,bar=2", "", "baz=3,foo=4"};
  EXPECT_EQ(parse_trace_state(fields)->header(), "foo=1,bar=2,baz=3");
  const std::string half = numbered_members(20);
  const std::string_view too_many[] = {half, half};
  EXPECT_FALSE(parse_trace_state(too_many));
}

TEST(TraceState, ExactlyAtTheSizeLimitNothingIsLost) {
  std::string header;
  for (int i = 0; i < 8; ++i)
    header += (i == 0 ? "" : ",") + std::string(1, static_cast<char>('a' + i)) + "=" + std::string(120, 'x');
  const std::size_t room = max_trace_state_bytes - header.size();
  header += ",z=" + std::string(room - 3, 'y');
  ASSERT_EQ(header.size(), max_trace_state_bytes);
  EXPECT_EQ(parse_trace_state(header)->header(), header);
}

TEST(TraceState, BeyondTheSizeLimitLongMembersGoFirstThenTheOldest) {
  const std::string long_member = "long=" + std::string(200, 'x');
  std::string short_members;
  for (int i = 0; i < 9; ++i) short_members += ",s" + std::to_string(i) + "=" + std::string(97, 'y');
  ASSERT_GT(long_member.size() + short_members.size(), max_trace_state_bytes);
  EXPECT_EQ(parse_trace_state(long_member + short_members)->header(), short_members.substr(1));

  std::string many;
  for (int i = 0; i < 12; ++i)
    many += (i == 0 ? "" : ",") + std::string(1, static_cast<char>('a' + i)) + "=" + std::string(98, 'y');
  const Result<TraceState> state = parse_trace_state(many);
  EXPECT_EQ(state->header(), many.substr(0, 10 * 101 - 1));
}

TEST(TraceState, AChangedMemberMovesToTheFront) {
  const TraceState state = *parse_trace_state("rojo=1,congo=2");
  EXPECT_EQ(with_trace_state_member(state, "ot", "th:8")->header(), "ot=th:8,rojo=1,congo=2");
  EXPECT_EQ(with_trace_state_member(state, "congo", "3")->header(), "congo=3,rojo=1");
  EXPECT_EQ(state.header(), "rojo=1,congo=2");
  EXPECT_FALSE(with_trace_state_member(state, "Congo", "3"));
  EXPECT_FALSE(with_trace_state_member(state, "congo", "3,4"));
  EXPECT_FALSE(with_trace_state_member(state, "congo", "trailing "));
}

TEST(TraceState, TheOldestMemberGivesWayToANewOne) {
  const TraceState full = *parse_trace_state(numbered_members(32));
  const Result<TraceState> state = with_trace_state_member(full, "ot", "th:8");
  EXPECT_EQ(state->header(), "ot=th:8," + numbered_members(31));
  EXPECT_FALSE(trace_state_value(*state, "bar31"));
}

TEST(TraceState, MembersAreFoundAndRemovedByKey) {
  const TraceState state = *parse_trace_state("rojo=1,congo=2");
  EXPECT_EQ(trace_state_value(state, "rojo"), "1");
  EXPECT_EQ(trace_state_value(state, "congo"), "2");
  EXPECT_EQ(trace_state_value(state, "ro"), std::nullopt);
  EXPECT_EQ(trace_state_value(TraceState(), "rojo"), std::nullopt);
  EXPECT_EQ(without_trace_state_member(state, "rojo").header(), "congo=2");
  EXPECT_TRUE(without_trace_state_member(*parse_trace_state("rojo=1"), "rojo").is_empty());
}

}  // namespace
}  // namespace segue
