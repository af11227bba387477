#include "segue/server/query/trace_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segue/server/testing/spans.h"

namespace segue::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::make_spans;
using testing::SpanFields;

TEST(TraceTree, PutsChildrenUnderTheirParentsByStartTime) {
  const auto made =
      make_spans({{.id = 3, .parent = 1, .start_ms = 30}, {.id = 1}, {.id = 2, .parent = 1, .start_ms = 10}});
  const TraceTree tree = assemble(made.spans());
  EXPECT_THAT(tree.roots, ElementsAre(1));
  EXPECT_THAT(tree.nodes[1].children, ElementsAre(2, 0));
  EXPECT_FALSE(tree.nodes[1].is_orphan);
}

TEST(TraceTree, KeepsTheGivenOrderOfSpansThatStartTogether) {
  const auto made = make_spans({{.id = 1}, {.id = 9, .parent = 1}, {.id = 4, .parent = 1}, {.id = 7, .parent = 1}});
  EXPECT_THAT(assemble(made.spans()).nodes[0].children, ElementsAre(1, 2, 3));
}

TEST(TraceTree, MakesASpanWithoutItsParentAnOrphanedRoot) {
  const auto made = make_spans({{.id = 2, .parent = 99}, {.id = 3, .parent = 2, .start_ms = 1}});
  const TraceTree tree = assemble(made.spans());
  EXPECT_THAT(tree.roots, ElementsAre(0));
  EXPECT_TRUE(tree.nodes[0].is_orphan);
  EXPECT_FALSE(tree.nodes[1].is_orphan);
}

TEST(TraceTree, TakesASpanThatIsItsOwnParentAsAnOrphan) {
  const auto made = make_spans({{.id = 2, .parent = 2}, {.id = 3, .parent = 2, .start_ms = 1}});
  const TraceTree tree = assemble(made.spans());
  EXPECT_THAT(tree.roots, ElementsAre(0));
  EXPECT_TRUE(tree.nodes[0].is_orphan);
  EXPECT_THAT(tree.nodes[0].children, ElementsAre(1));
}

TEST(TraceTree, CutsALoopAboveItsEarliestSpanAndKeepsEverySpanOnce) {
  const auto made = make_spans({{.id = 1, .parent = 3, .start_ms = 20},
                                {.id = 2, .parent = 1, .start_ms = 10},
                                {.id = 3, .parent = 2, .start_ms = 30},
                                {.id = 4, .parent = 3, .start_ms = 5}});
  const TraceTree tree = assemble(made.spans());
  EXPECT_THAT(tree.roots, ElementsAre(1));
  EXPECT_TRUE(tree.nodes[1].is_orphan);
  EXPECT_THAT(tree.nodes[1].children, ElementsAre(2));
  EXPECT_THAT(tree.nodes[2].children, ElementsAre(3, 0));
}

TEST(TraceTree, KeepsBothSpansOfOneIdAndGivesChildrenToTheOneThatRan) {
  const auto made = make_spans({{.id = 1, .name = "gateway"},
                                {.id = 5, .parent = 1, .name = "client", .start_ms = 10, .end_ms = 50},
                                {.id = 5, .parent = 1, .name = "server", .start_ms = 20, .end_ms = 40},
                                {.id = 6, .parent = 5, .name = "query", .start_ms = 25},
                                {.id = 7, .parent = 5, .name = "connect", .start_ms = 12}});
  const TraceTree tree = assemble(made.spans());
  EXPECT_THAT(tree.nodes[0].children, ElementsAre(1, 2));
  EXPECT_THAT(tree.nodes[1].children, ElementsAre(4));
  EXPECT_THAT(tree.nodes[2].children, ElementsAre(3));
}

TEST(TraceTree, TakesAnyParentWhenClocksPutTheChildFirst) {
  const auto made = make_spans({{.id = 1, .start_ms = 100}, {.id = 2, .parent = 1, .start_ms = 90}});
  EXPECT_THAT(assemble(made.spans()).nodes[0].children, ElementsAre(1));
}

TEST(TraceTree, OfNothingIsEmpty) {
  const TraceTree tree = assemble({});
  EXPECT_THAT(tree.nodes, IsEmpty());
  EXPECT_THAT(tree.roots, IsEmpty());
}

TEST(TraceTree, WalksAChainOfFiftyThousandSpansWithoutRecursion) {
  std::vector<SpanFields> chain;
  for (unsigned id = 1; id <= 50'000; ++id) chain.push_back({.id = id, .parent = id - 1, .start_ms = id});
  const auto made = make_spans(std::move(chain));
  std::size_t deepest = 0;
  walk(assemble(made.spans()), [&](const TreePosition& position) { deepest = std::max(deepest, position.depth); });
  EXPECT_EQ(deepest, 49'999U);
}

TEST(TraceTree, IsWalkedParentsFirstAndSaysWhichSiblingIsLast) {
  const auto made =
      make_spans({{.id = 1}, {.id = 2, .parent = 1}, {.id = 3, .parent = 2}, {.id = 4, .parent = 1, .start_ms = 1}});
  std::vector<std::size_t> order, depths, last;
  walk(assemble(made.spans()), [&](const TreePosition& position) {
    order.push_back(position.span);
    depths.push_back(position.depth);
    if (position.is_last) last.push_back(position.span);
  });
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(depths, ElementsAre(0, 1, 2, 1));
  EXPECT_THAT(last, ElementsAre(0, 2, 3));
}

}  // namespace
}  // namespace segue::server
