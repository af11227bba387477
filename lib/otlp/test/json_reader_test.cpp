#include "json_reader.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "field_reader.h"

namespace segue::otlp {
namespace {

// Empty for accepted text, else why it was refused.
std::optional<Errc> refusal(std::string_view text, unsigned max_depth = 8) {
  try {
    JsonReader reader(text, max_depth);
    reader.skip_value();
    reader.expect_end();
    return std::nullopt;
  } catch (const DecodeFailure& failure) {
    return failure.code;
  }
}

std::string unescaped(std::string_view text) { return std::string(JsonReader(text, 1).read_string()); }

TEST(JsonReader, AcceptsWhatRfc8259Accepts) {
  for (const std::string_view text : {"{}",
                                      "[]",
                                      "null",
                                      "true",
                                      "false",
                                      "\"\"",
                                      "0",
                                      "-0",
                                      "-1",
                                      "1.5",
                                      "1e5",
                                      "1E+5",
                                      "1.25e-10",
                                      " [ 1 , 2 ] ",
                                      "{\"a\":{\"b\":[null,true,\"x\"]}}",
                                      "\t\r\n{\"\" : 0}\n",
                                      "[[],[{}]]",
                                      "\"\\u0000\"",
                                      "\"\\ud83d\\ude00\"",
                                      "\"\xF0\x9F\x98\x80\"",
                                      "\"/\\/\""}) {
    EXPECT_FALSE(refusal(text)) << text;
  }
}

TEST(JsonReader, RefusesWhatRfc8259Refuses) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "[",
                                      "}",
                                      "]",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{,}",
                                      "{a:1}",
                                      "{1:1}",
                                      "{\"a\" 1}",
                                      "[}",
                                      "{\"a\":1]",
                                      "nul",
                                      "nulL",
                                      "True",
                                      "tru",
                                      "NaN",
                                      "Infinity",
                                      "+1",
                                      "01",
                                      "-",
                                      "-01",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "1e+",
                                      "0x10",
                                      "1a",
                                      "\"",
                                      "\"\\",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\u12g4\"",
                                      "\"\\ud800\"",
                                      "\"\\ude00\"",
                                      "\"\\ud800x\"",
                                      "\"\\ud800\\u0041\"",
                                      "'a'",
                                      "\"a\nb\"",
                                      "\"\t\"",
                                      "[1]]",
                                      "{} {}",
                                      "1 2",
                                      "\"\x80\"",
                                      "\"\xC0\xAF\"",
                                      "\"\xED\xA0\x80\"",
                                      "\"\xF5\x80\x80\x80\"",
                                      "\"\xE2\x82\"",
                                      "\xEF\xBB\xBF{}",
                                      "// c\n1"}) {
    EXPECT_EQ(refusal(text), Errc::InvalidArgument) << text;
  }
}

TEST(JsonReader, RefusesEmbeddedNul) {
  EXPECT_EQ(refusal(std::string_view("\"a\0b\"", 5)), Errc::InvalidArgument);
  EXPECT_EQ(refusal(std::string_view("1\0", 2)), Errc::InvalidArgument);
}

TEST(JsonReader, BoundsNesting) {
  EXPECT_FALSE(refusal("[[[{\"a\":[[[[]]]]}]]]", 8));
  EXPECT_EQ(refusal("[[[{\"a\":[[[[[]]]]]}]]]", 8), Errc::LimitExceeded);
  EXPECT_EQ(refusal(std::string(1'000'000, '['), 100), Errc::LimitExceeded);
  EXPECT_FALSE(refusal("[[],[],[],[],[],[],[],[],[],[]]", 2)) << "siblings are not nested";
}

TEST(JsonReader, UnescapesStrings) {
  EXPECT_EQ(unescaped(R"("plain")"), "plain");
  EXPECT_EQ(unescaped(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"("a\u0041b")"), "aAb");
  EXPECT_EQ(unescaped(R"("\u00e9\u20AC\ud83d\ude00")"), "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(unescaped("\"\xC3\xA9\\n\""), "\xC3\xA9\n");
  EXPECT_EQ(unescaped(R"("\u0000")"), std::string(1, '\0'));
}

TEST(JsonReader, WalksObjectsAndArrays) {
  JsonReader reader(R"({"list":[1,2.5e3],"skip":{"deep":[{}]},"flag":true,"nothing":null,"k\u0065y":"v"})", 8);
  std::string seen;
  reader.enter_object();
  for (std::string_view key; reader.next_key(key);) {
    seen += key;
    seen += '=';
    switch (reader.peek()) {
      case JsonKind::Array:
        reader.enter_array();
        while (reader.next_element()) seen += std::string(reader.read_number()) + ",";
        break;
      case JsonKind::Bool: seen += reader.read_bool() ? "true" : "false"; break;
      case JsonKind::Null: reader.read_null(); break;
      case JsonKind::String: seen += reader.read_string(); break;
      default: reader.skip_value();
    }
    seen += ';';
  }
  reader.expect_end();
  EXPECT_EQ(seen, "list=1,2.5e3,;skip=;flag=true;nothing=;key=v;");
}

TEST(JsonReader, SaysWhereItFailed) {
  try {
    JsonReader("[1, x]", 8).skip_value();
    FAIL() << "accepted";
  } catch (const DecodeFailure& failure) {
    EXPECT_EQ(failure.message, "JSON at byte 4: not a value");
  }
}

}  // namespace
}  // namespace segue::otlp
