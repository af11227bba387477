#include "gunzip.h"

#include <gtest/gtest.h>

#include "request_table.h"

namespace segue::server {
namespace {

using test::gzip;

TEST(Gunzip, GivesBackWhatWasPacked) {
  std::string plain;
  for (int i = 0; i < 100'000; ++i) plain += std::to_string(i * 7919);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, plain.size()}) {
    const auto unpacked = gunzip(gzip(plain.substr(0, size)), size);
    ASSERT_TRUE(unpacked) << size << ": " << unpacked.error().message;
    EXPECT_TRUE(*unpacked == plain.substr(0, size)) << size;
  }
}

TEST(Gunzip, JoinsMembers) { EXPECT_EQ(*gunzip(gzip("ab") + gzip("") + gzip("c"), 3), "abc"); }

TEST(Gunzip, StopsAtTheLimitWhateverTheInputIsWorth) {
  const std::string bomb = gzip(std::string(std::size_t{16} << 20, '\0'));
  EXPECT_LT(bomb.size(), 20'000U);
  EXPECT_TRUE(gunzip(bomb, std::size_t{16} << 20));
  EXPECT_EQ(gunzip(bomb, (std::size_t{16} << 20) - 1).error().code, Errc::LimitExceeded);
  EXPECT_EQ(gunzip(bomb, 0).error().code, Errc::LimitExceeded);
  std::string members;
  for (int i = 0; i < 100; ++i) members += gzip("0123456789");
  EXPECT_EQ(gunzip(members, 999).error().code, Errc::LimitExceeded);
}

TEST(Gunzip, RefusesWhatIsNotWholeAndValid) {
  const std::string packed = gzip("some text that is long enough to be worth packing, and packing again");
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(gunzip(packed.substr(0, size), 1000).error().code, Errc::InvalidArgument) << size;
  }
  EXPECT_EQ(gunzip(packed + "\x1f", 1000).error().code, Errc::InvalidArgument);
  EXPECT_EQ(gunzip(packed.substr(1), 1000).error().code, Errc::InvalidArgument);
}

}  // namespace
}  // namespace segue::server
