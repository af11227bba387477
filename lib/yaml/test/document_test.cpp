#include "segue/yaml/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace segue::detail {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::optional<std::string> look_up(std::string_view name) {
  static const std::map<std::string, std::string, std::less<>> variables = {{"STRING_VALUE", "value"},
                                                                            {"BOOL_VALUE", "true"},
                                                                            {"INT_VALUE", "1"},
                                                                            {"FLOAT_VALUE", "1.1"},
                                                                            {"HEX_VALUE", "0xdeadbeef"},
                                                                            {"MAP_VALUE", "value\nkey: value"},
                                                                            {"LIST_VALUE", "[1, 2]"},
                                                                            {"REPLACE_ME", "${STRING_VALUE}"},
                                                                            {"WITH_ESCAPE", "value$$"},
                                                                            {"EMPTY", ""},
                                                                            {"env", "itself"}};
  const auto known = variables.find(name);
  if (known == variables.end()) return std::nullopt;
  return known->second;
}

Result<YamlNode> read(std::string_view text, const YamlLimits& limits = {}) { return read_yaml(text, look_up, limits); }

// The value of `key` in a document that must be one.
YamlNode value(std::string_view text) {
  const auto tree = read(text);
  EXPECT_TRUE(tree) << text << ": " << tree.error().message;
  const YamlNode* const node = tree ? tree->find("key") : nullptr;
  EXPECT_NE(node, nullptr) << text;
  return node != nullptr ? *node : YamlNode();
}

std::string failure(std::string_view text, const YamlLimits& limits = {}) {
  const auto tree = read(text, limits);
  EXPECT_FALSE(tree) << text;
  return tree ? "" : tree.error().message;
}

struct Substitution {
  const char* document;
  const char* text;
  YamlKind kind;
};

TEST(Yaml, FillsInVariablesAsTheSpecificationHasIt) {
  const Substitution cases[] = {
      {"key: ${STRING_VALUE}", "value", YamlKind::Text},
      {"key: ${BOOL_VALUE}", "true", YamlKind::Bool},
      {"key: ${INT_VALUE}", "1", YamlKind::Integer},
      {"key: ${FLOAT_VALUE}", "1.1", YamlKind::Number},
      {"key: ${HEX_VALUE}", "0xdeadbeef", YamlKind::Integer},
      {"key: \"${BOOL_VALUE}\"", "true", YamlKind::Text},
      {"key: '${INT_VALUE}'", "1", YamlKind::Text},
      {"key: !!str ${INT_VALUE}", "1", YamlKind::Text},
      {"key: |-\n  ${INT_VALUE}", "1", YamlKind::Text},
      {"key: ${env:STRING_VALUE}", "value", YamlKind::Text},
      {"key: ${env}", "itself", YamlKind::Text},
      {"key: ${env:-other}", "itself", YamlKind::Text},
      {"key: ${MAP_VALUE}", "value\nkey: value", YamlKind::Text},
      {"key: ${LIST_VALUE}", "[1, 2]", YamlKind::Text},
      {"key: foo ${STRING_VALUE} ${FLOAT_VALUE}", "foo value 1.1", YamlKind::Text},
      {"key: ${UNDEFINED}", "", YamlKind::Null},
      {"key: \"${UNDEFINED}\"", "", YamlKind::Text},
      {"key: ${UNDEFINED:-fallback}", "fallback", YamlKind::Text},
      {"key: ${UNDEFINED:-5}", "5", YamlKind::Integer},
      {"key: ${EMPTY:-fallback}", "fallback", YamlKind::Text},
      {"key: ${STRING_VALUE:-fallback}", "value", YamlKind::Text},
      {"key: ${UNDEFINED:-}", "", YamlKind::Null},
      {"key: ${REPLACE_ME}", "${STRING_VALUE}", YamlKind::Text},
      {"key: ${UNDEFINED:-${STRING_VALUE}}", "${STRING_VALUE}", YamlKind::Text},
      {"key: $${STRING_VALUE}", "${STRING_VALUE}", YamlKind::Text},
      {"key: $$${STRING_VALUE}", "$value", YamlKind::Text},
      {"key: $$$${STRING_VALUE}", "$${STRING_VALUE}", YamlKind::Text},
      {"key: $${STRING_VALUE:-fallback}", "${STRING_VALUE:-fallback}", YamlKind::Text},
      {"key: $${STRING_VALUE:-${STRING_VALUE}}", "${STRING_VALUE:-value}", YamlKind::Text},
      {"key: ${UNDEFINED:-$${UNDEFINED}}", "${UNDEFINED:-${UNDEFINED}}", YamlKind::Text},
      {"key: ${WITH_ESCAPE}", "value$$", YamlKind::Text},
      {"key: a $$ b", "a $ b", YamlKind::Text},
      {"key: a $ b", "a $ b", YamlKind::Text},
      {"key: ${STRING_VALUE", "${STRING_VALUE", YamlKind::Text},
      {"key: \"${STRING\\nVALUE}\"", "${STRING\nVALUE}", YamlKind::Text},
  };
  for (const Substitution& each : cases) {
    const YamlNode node = value(each.document);
    EXPECT_EQ(node.text, each.text) << each.document;
    EXPECT_EQ(node.kind, each.kind) << each.document;
  }
}

TEST(Yaml, LeavesReferencesInKeysAlone) {
  const auto tree = read("${STRING_VALUE}: x");
  ASSERT_TRUE(tree);
  EXPECT_NE(tree->find("${STRING_VALUE}"), nullptr);
}

TEST(Yaml, RefusesBracesThatHoldNoReference) {
  for (const char* reference : {"${1API}", "${API_$KEY}", "${STRING_VALUE:?error}", "${}", "${env:}", "${a b}"}) {
    EXPECT_EQ(failure("ok: 1\nkey: x " + std::string(reference)),
              "line 2: '" + std::string(reference) + "' refers to no variable");
  }
}

TEST(Yaml, KnowsTheKindsOfTheCoreSchema) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_EQ(value("key: " + std::string(text)).kind, YamlKind::Null) << text;
  }
  EXPECT_TRUE(value("key: True").truth);
  EXPECT_FALSE(value("key: FALSE").truth);
  const std::pair<const char*, std::int64_t> integers[] = {
      {"0", 0}, {"-12", -12}, {"+12", 12}, {"007", 7}, {"0o17", 15}, {"0xfF", 255}, {"9223372036854775807", INT64_MAX}};
  for (const auto& [text, integer] : integers) {
    const YamlNode node = value("key: " + std::string(text));
    EXPECT_EQ(node.kind, YamlKind::Integer) << text;
    EXPECT_EQ(node.integer, integer) << text;
    EXPECT_EQ(node.number, static_cast<double>(integer)) << text;
  }
  const std::pair<const char*, double> numbers[] = {
      {"1.5", 1.5},        {"-.5", -0.5}, {"+1e3", 1000}, {"2.", 2}, {"9223372036854775808", 9223372036854775808.0},
      {"-.inf", -INFINITY}};
  for (const auto& [text, number] : numbers) {
    const YamlNode node = value("key: " + std::string(text));
    EXPECT_EQ(node.kind, YamlKind::Number) << text;
    EXPECT_EQ(node.number, number) << text;
  }
  EXPECT_TRUE(std::isnan(value("key: .nan").number));
  for (const char* text :
       {"yes", "off", "inf", "nan", "-x", "+", ".", "1.2.3", "0x", "0xg", "0o8", "+-1", "1 000", "'1'"}) {
    EXPECT_EQ(value("key: " + std::string(text)).kind, YamlKind::Text) << text;
  }
}

TEST(Yaml, KeepsOrderAndSaysWhereThingsStand) {
  const auto tree = read("# comment\nfirst:\n  - 1\n  - two\nsecond: {third: }\n");
  ASSERT_TRUE(tree);
  ASSERT_EQ(tree->children.size(), 2U);
  const YamlNode& first = tree->children[0];
  EXPECT_EQ(first.key, "first");
  EXPECT_EQ(first.kind, YamlKind::List);
  EXPECT_EQ(first.line, 2U);
  EXPECT_EQ(first.children[1].text, "two");
  EXPECT_EQ(first.children[1].line, 4U);
  const YamlNode* const third = tree->children[1].find("third");
  ASSERT_NE(third, nullptr);
  EXPECT_EQ(third->kind, YamlKind::Null);
  EXPECT_EQ(third->line, 5U);
  EXPECT_EQ(third->find("anything"), nullptr);
}

TEST(Yaml, ReadsNothingAsNull) {
  for (const char* text : {"", "# only a comment\n", "---\n"}) {
    const auto tree = read(text);
    ASSERT_TRUE(tree) << text;
    EXPECT_EQ(tree->kind, YamlKind::Null) << text;
  }
}

TEST(Yaml, CopiesWhatAnAliasStandsFor) {
  const auto tree = read("one: &exporter\n  console:\nkey: *exporter\n");
  ASSERT_TRUE(tree);
  EXPECT_NE(tree->find("key")->find("console"), nullptr);
}

TEST(Yaml, SaysOnWhichLineSomethingIsWrong) {
  EXPECT_THAT(failure("a: 1\nb: [1, 2\n"), StartsWith("line "));
  EXPECT_EQ(failure("a: 1\nb: 2\na: 3"), "line 3: 'a' stands here a second time");
  EXPECT_EQ(failure("a: 1\n? [x]\n: 2"), "line 2: a key must be text");
  EXPECT_EQ(failure("a: &x\n  b: *x\n"), "line 2: an alias must not stand inside its anchor");
  EXPECT_THAT(failure("a: *nobody"), HasSubstr("line 1: "));
  EXPECT_EQ(failure("a: 1\n---\nb: 2"), "there is more than one document");
}

TEST(Yaml, KeepsWithinItsLimits) {
  EXPECT_TRUE(read("a: 12", {.max_bytes = 5}));
  EXPECT_EQ(failure("a: 123", {.max_bytes = 5}), "it is larger than 5 bytes");
  EXPECT_TRUE(read("[[1]]", {.max_depth = 2}));
  EXPECT_EQ(failure("[\n[[1]]]", {.max_depth = 2}), "line 2: lists and maps are nested more than 2 levels deep");
  EXPECT_TRUE(read("[1, 2]", {.max_nodes = 3}));
  EXPECT_EQ(failure("[1, 2,\n 3]", {.max_nodes = 3}), "line 2: there are more than 3 values");
}

TEST(Yaml, CountsWhatAliasesAndVariablesStandFor) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int repeat = 0; repeat < 9; ++repeat) bomb += ", " + below;
    bomb += "]\n";
  }
  EXPECT_THAT(failure(bomb), HasSubstr("there are more than 20000 values"));
  const VariableLookup kilobyte = [](std::string_view) { return std::string(1024, 'x'); };
  const auto large = read_yaml("a: ${A}${A}", kilobyte, {.max_bytes = 2000});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Errc::LimitExceeded);
  EXPECT_EQ(large.error().message, "line 1: the values of variables make it too large");
  const auto several = read_yaml("a: ${A}\nb: ${A}", kilobyte, {.max_bytes = 2000});
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().message, "line 2: the values take more than 2000 bytes");
}

}  // namespace
}  // namespace segue::detail
