#include "segue/propagation/baggage.h"

#include <gtest/gtest.h>

#include <string>

namespace segue {
namespace {

std::string numbered_members(int count) {
  std::string header;
  for (int i = 0; i < count; ++i) header += (i == 0 ? "" : ",") + ("key" + std::to_string(i)) + "=v";
  return header;
}

TEST(Baggage, ReadsMembersInOrderWithTheirProperties) {
  const ParsedBaggage parsed = Baggage::parse("key1=value1 ; property1 ; p2 = v2 ,\tkey2 = value2, key3=; ;");
  EXPECT_EQ(parsed.dropped_members, 1U);  // an empty property breaks the grammar
  const std::vector<BaggageMember> expected = {{"key1", "value1", "property1;p2=v2"}, {"key2", "value2", ""}};
  EXPECT_EQ(std::vector(parsed.baggage.members().begin(), parsed.baggage.members().end()), expected);
  EXPECT_EQ(parsed.baggage.header(), "key1=value1;property1;p2=v2,key2=value2");
}

TEST(Baggage, KeepsRepeatedKeysInOrderAndAnswersTheLast) {
  const ParsedBaggage parsed = Baggage::parse("a=1,b=2,a=3");
  EXPECT_EQ(parsed.baggage.header(), "a=1,b=2,a=3");
  EXPECT_EQ(parsed.baggage.get("a"), "3");
  EXPECT_EQ(parsed.baggage.get("A"), std::nullopt);
}

TEST(Baggage, MalformedMembersAreDroppedAndCountedTheOthersStay) {
  const std::string_view malformed[] = {
      "novalue",         "=1",           "sp ace=1",    "qu\"ote=1",    "key=a b",     "key=\"quoted\"",
      "key=back\\slash", "key=v;sp ace", "key=v;p=a b", "key=\xc3\xa9", "k\xc3\xa9y=1"};
  for (const std::string_view member : malformed) {
    const ParsedBaggage parsed = Baggage::parse("first=1," + std::string(member) + ",last=2");
    EXPECT_EQ(parsed.dropped_members, 1U) << member;
    EXPECT_EQ(parsed.baggage.header(), "first=1,last=2") << member;
  }
}

TEST(Baggage, EmptyMembersAndEmptyHeadersAreNothing) {
  EXPECT_TRUE(Baggage::parse("").baggage.is_empty());
  const ParsedBaggage parsed = Baggage::parse(" ,\t, ");
  EXPECT_TRUE(parsed.baggage.is_empty());
  EXPECT_EQ(parsed.dropped_members, 0U);
  EXPECT_EQ(Baggage::parse("empty=").baggage.get("empty"), "");
}

struct Coded {
  std::string_view encoded;
  std::string_view decoded;
  std::string_view again;
};

TEST(Baggage, ValuesArePercentCoded) {
  const Coded rows[] = {
      {"spring%20sale", "spring sale", "spring%20sale"},
      {"a%2Cb%3Bc%22%5C", "a,b;c\"\\", "a%2cb%3bc%22%5c"},
      {"caf%C3%A9", "caf\xc3\xa9", "caf%c3%a9"},
      {"1=2&3=4", "1=2&3=4", "1=2&3=4"},
      {"100%25", "100%", "100%25"},
      // A percent sign that starts no escape stands for itself.
      {"100%", "100%", "100%25"},
      {"%zz%4", "%zz%4", "%25zz%254"},
      {"%00%0a", std::string_view("\0\n", 2), "%00%0a"},
  };
  for (const Coded& row : rows) {
    const Baggage baggage = Baggage::parse("k=" + std::string(row.encoded)).baggage;
    EXPECT_EQ(baggage.get("k"), row.decoded) << row.encoded;
    EXPECT_EQ(baggage.header(), "k=" + std::string(row.again)) << row.encoded;
    EXPECT_EQ(Baggage::parse(baggage.header()).baggage.get("k"), row.decoded) << row.encoded;
  }
}

TEST(Baggage, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
  const Coded rows[] = {
      {"%FF", "\xEF\xBF\xBD", ""},
      {"a%80b",
       "a\xEF\xBF\xBD"
       "b",
       ""},
      {"%C3", "\xEF\xBF\xBD", ""},
      {"%C3%28", "\xEF\xBF\xBD(", ""},
      {"%E2%82", "\xEF\xBF\xBD", ""},
      {"%C0%AF", "\xEF\xBF\xBD\xEF\xBF\xBD", ""},
      {"%ED%A0%80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", ""},
      {"%F4%90%80%80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", ""},
      {"%F0%9F%98%80", "\xF0\x9F\x98\x80", ""},
      {"%EF%BF%BD", "\xEF\xBF\xBD", ""},
  };
  for (const Coded& row : rows) {
    EXPECT_EQ(Baggage::parse("k=" + std::string(row.encoded)).baggage.get("k"), row.decoded) << row.encoded;
  }
  EXPECT_EQ(Baggage().with("k", "a\xff")->get("k"), "a\xEF\xBF\xBD");
}

TEST(Baggage, ExactlyAtTheLimitsNothingIsLost) {
  const ParsedBaggage members = Baggage::parse(numbered_members(64));
  EXPECT_EQ(members.dropped_members, 0U);
  EXPECT_EQ(members.baggage.header(), numbered_members(64));

  const std::string longest = "k=" + std::string(Baggage::max_header_bytes - 2, 'v');
  const ParsedBaggage bytes = Baggage::parse(longest);
  EXPECT_EQ(bytes.dropped_members, 0U);
  EXPECT_EQ(bytes.baggage.header(), longest);
}

TEST(Baggage, BeyondTheLimitsWholeMembersAreLeftOut) {
  const ParsedBaggage members = Baggage::parse(numbered_members(66));
  EXPECT_EQ(members.dropped_members, 2U);
  EXPECT_EQ(members.baggage.header(), numbered_members(64));

  const std::string large = "k=" + std::string(Baggage::max_header_bytes - 2, 'v');
  const ParsedBaggage bytes = Baggage::parse("a=1," + large + ",b=2");
  EXPECT_EQ(bytes.dropped_members, 1U);
  EXPECT_EQ(bytes.baggage.header(), "a=1,b=2");
}

TEST(Baggage, ChangingMakesANewValue) {
  const Baggage first = *Baggage().with("campaign", "spring sale");
  const Baggage second = *first.with("bot", "lead_bot", "private ; ttl = 60");
  const Baggage third = *second.with("campaign", "none");
  EXPECT_EQ(first.header(), "campaign=spring%20sale");
  EXPECT_EQ(second.header(), "campaign=spring%20sale,bot=lead_bot;private;ttl=60");
  EXPECT_EQ(third.header(), "bot=lead_bot;private;ttl=60,campaign=none");
  EXPECT_EQ(third.without("bot").header(), "campaign=none");
  EXPECT_TRUE(first.without("campaign").is_empty());
}

TEST(Baggage, RefusesWhatCouldNotTravel) {
  const Baggage full = Baggage::parse(numbered_members(64)).baggage;
  EXPECT_EQ(full.with("one_more", "v").error().code, Errc::LimitExceeded);
  EXPECT_TRUE(full.with("key0", "changed"));
  EXPECT_EQ(Baggage().with("k", std::string(Baggage::max_header_bytes - 1, 'v')).error().code, Errc::LimitExceeded);
  EXPECT_EQ(Baggage().with("", "v").error().code, Errc::InvalidArgument);
  EXPECT_EQ(Baggage().with("sp ace", "v").error().code, Errc::InvalidArgument);
  EXPECT_EQ(Baggage().with("k", "v", "a b").error().code, Errc::InvalidArgument);
}

TEST(Baggage, SeveralFieldsAreOneList) {
  const std::string_view fields[] = {"a=1,b=2", "", "c=3"};
  EXPECT_EQ(Baggage::parse(fields).baggage.header(), "a=1,b=2,c=3");
}

}  // namespace
}  // namespace segue
