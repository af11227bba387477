#include "segue/workflow/detail/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segue::detail {
namespace {

using testing::HasSubstr;

StatePointer state(int value) { return std::make_shared<const int>(value); }

/// before > fork { left, right } > join, where "left" is a subgraph of the one node "in:side".
Topology graph() {
  auto inner = std::make_shared<Topology>(Topology{.bot = "inner", .nodes = {"in:side"}});
  inner->edges = {{"__start__", "in:side"}, {"in:side", "__end__"}};
  Topology topology{.bot = "outer", .nodes = {"before", "fork", "left", "right", "join"}};
  topology.edges = {
      {"__start__", "before"}, {"before", "fork"}, {"left", "join"}, {"right", "join"}, {"join", "__end__"}};
  topology.forks = {{"fork", {"left", "right"}, "join"}};
  topology.subgraphs = {{"left", inner}};
  return topology;
}

/// Empty: the position is in order.
std::string why_not(std::string_view text, std::size_t inner_states = 2) {
  std::vector<StatePointer> states;
  for (std::size_t i = 0; i <= inner_states; ++i) states.push_back(state(0));
  const auto place = parse_place(text, states);
  if (!place) return place.error().message;
  const auto checked = check_place(*place, graph(), *plan_of(graph(), 1));
  return checked ? "" : checked.error().message;
}

TEST(Places, AreTheSameAfterTheirText) {
  std::vector<StatePointer> states = {state(0)};
  Place place{Place::Mark::Behind, "fork", 3, {0x1f}, states.front()};
  place.inside.push_back({Place::Mark::Before, "left", 4, {0x1f}, states.front()});
  place.inside[0].inside.push_back({Place::Mark::Behind, "in:side\\", 1, {UINT64_MAX, 7}, state(1)});
  place.inside.push_back({Place::Mark::Behind, "right", 4, {0}, state(2)});
  const std::string text = format_place(place, states);
  EXPECT_EQ(text, "1 >fork:3:0:1f(@left:4:0:1f(>in\\:side\\\\:1:1:ffffffffffffffff+7),>right:4:2)");
  ASSERT_EQ(states.size(), 3U);
  EXPECT_EQ(states[1], place.inside[0].inside[0].state);
  const auto read = parse_place(text, states);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->inside.at(0).inside.at(0).node, "in:side\\");
  EXPECT_EQ(read->inside[1].state, states[2]);
  EXPECT_EQ(format_place(*read, states), text);
}

TEST(Places, OfThisGraphAreTaken) {
  EXPECT_EQ(why_not("1 >before:1:0"), "");
  EXPECT_EQ(why_not("1 @:1:0"), "");
  EXPECT_EQ(why_not("1 >fork:2:0:ab(@left:3:1(>in\\:side:1:2),>right:3:0)"), "");
  EXPECT_EQ(why_not("1 >fork:2:0:ab(@left:3:1(@:1:2),>right:3:0)"), "");
}

TEST(Places, ThatCannotBeReadSayWhere) {
  for (const char* text :
       {"", "1", "2 >before:1:0", "1 before:1:0", "1 >before", "1 >before:1", "1 >before:x:0", "1 >before:-1:0",
        "1 >before:4294967296:0", "1 >before:1:0:", "1 >before:1:0:xyz", "1 >before:1:0:11111111111111111",
        "1 >fork:1:0(", "1 >fork:1:0()", "1 >fork:1:0(>left:1:0", "1 >before:1:0 ", "1 >fo\\"}) {
    EXPECT_THAT(why_not(text), HasSubstr("cannot be read")) << text;
  }
  EXPECT_THAT(why_not("1 >before:1:x"), HasSubstr("from character 12 on"));
}

TEST(Places, NameNoStateThatIsNotThere) {
  EXPECT_EQ(why_not("1 >before:1:2", 2), "");
  EXPECT_THAT(why_not("1 >before:1:3", 2), HasSubstr("with 2 inner states"));
}

TEST(Places, OfOtherGraphsAreRefused) {
  EXPECT_THAT(why_not("1 >elsewhere:1:0"), HasSubstr("names a node 'elsewhere', which bot 'outer' has not"));
  EXPECT_THAT(why_not("1 >:1:0"), HasSubstr("names a node ''"));
  EXPECT_THAT(why_not("1 @before:1:0(@:1:0)"), HasSubstr("'before', which is no subgraph"));
  EXPECT_THAT(why_not("1 @left:1:0(@:1:0,@:1:0)"), HasSubstr("'left', which is no subgraph"));
  EXPECT_THAT(why_not("1 @left:1:0(>right:1:0)"), HasSubstr("names a node 'right', which bot 'inner' has not"));
  EXPECT_THAT(why_not("1 >before:1:0(@left:1:0,@right:1:0)"), HasSubstr("has 2 branches behind 'before'"));
  EXPECT_THAT(why_not("1 >fork:1:0(@left:1:0)"), HasSubstr("has 1 branches behind 'fork'"));
  EXPECT_THAT(why_not("1 >fork:1:0(@left:1:0,>join:2:0)"), HasSubstr("names 'join' in a branch"));
  EXPECT_THAT(why_not("1 >fork:1:0(@right:1:0,@left:1:0)"), HasSubstr("names 'right' in a branch"));
  EXPECT_THAT(why_not("1 >fork:1:0(@:1:0,@right:1:0)"), HasSubstr("names '' in a branch"));
}

TEST(Places, AreNoDeeperThanTheLimit) {
  const auto nested = [](std::size_t depth) {
    std::string text = "1 ";
    for (std::size_t i = 1; i < depth; ++i) text += "@n:1:0(";
    return text + "@n:1:0" + std::string(depth - 1, ')');
  };
  const std::vector<StatePointer> states = {state(0)};
  EXPECT_TRUE(parse_place(nested(Place::max_depth), states));
  EXPECT_FALSE(parse_place(nested(Place::max_depth + 1), states));
}

}  // namespace
}  // namespace segue::detail
