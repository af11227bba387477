#include "segue/server/query/single_line.h"

#include <gtest/gtest.h>

namespace segue::server {
namespace {

TEST(SingleLine, LeavesOrdinaryTextAlone) { EXPECT_EQ(to_single_line("é € \xF0\x9F\x8F\xA0"), "é € \xF0\x9F\x8F\xA0"); }

TEST(SingleLine, HasNoControlCharacters) {
  EXPECT_EQ(to_single_line("a\nb\x1B[2J\x7F"), "a b [2J ");
  EXPECT_EQ(to_single_line("a\xC2\x9B"
                           "b\xC2\xA9"),
            "a b\xC2\xA9")
      << "C1 controls go, the copyright sign stays";
}

TEST(SingleLine, IsValidUtf8) { EXPECT_EQ(to_single_line("a\xFF\xC2"), "a\uFFFD\uFFFD"); }

}  // namespace
}  // namespace segue::server
