#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "segue/base/clock.h"
#include "segue/base/hex.h"
#include "segue/base/random.h"
#include "segue/base/result.h"
#include "segue/base/utf8.h"

namespace segue {
namespace {

TEST(Result, HoldsAValueOrTheErrorThatExplainsItsAbsence) {
  const Result<int> good = 7;
  EXPECT_EQ(*good, 7);
  const Result<int> bad = Error{Errc::NotFound, "no such trace"};
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().with_context("open").message, "open: no such trace");
  EXPECT_EQ(bad.value_or(3), 3);
  EXPECT_EQ(to_string(bad.error().code), "not_found");
}

TEST(Result, VoidIsSuccessUnlessGivenAnError) {
  EXPECT_TRUE(Result<void>());
  EXPECT_FALSE(Result<void>(Error{Errc::IoError, "disk"}));
}

TEST(Hex, RoundTripsAndRefusesWhatIsNotHex) {
  const std::vector<std::uint8_t> bytes = {0x00, 0x7f, 0xff, 0x0a};
  EXPECT_EQ(to_hex(bytes), "007fff0a");
  std::vector<std::uint8_t> out(4);
  EXPECT_TRUE(decode_hex("007FfF0a", out));
  EXPECT_EQ(out, bytes);
  EXPECT_FALSE(decode_hex("007FfF0a", out, HexCase::LowerOnly));
  EXPECT_FALSE(decode_hex("007fff0", out));
  EXPECT_FALSE(decode_hex("007fff0g", out));
}

TEST(Hex, EveryCharacterAtEveryPlaceIsJudgedRightly) {
  // 11 bytes: places that are looked at together with others, and places that are looked at alone.
  const std::string valid = "0123456789abcdefa9f0e1";
  std::vector<std::uint8_t> out(valid.size() / 2);
  for (std::size_t place = 0; place < valid.size(); ++place) {
    for (int character = 0; character < 256; ++character) {
      std::string digits = valid;
      digits[place] = static_cast<char>(character);
      const bool is_lower = (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
      const bool is_upper = character >= 'A' && character <= 'F';
      ASSERT_EQ(decode_hex(digits, out, HexCase::LowerOnly), is_lower) << place << ": " << character;
      ASSERT_EQ(decode_hex(digits, out), is_lower || is_upper) << place << ": " << character;
      if (is_lower) {
        ASSERT_EQ(to_hex(out), digits);
      }
    }
  }
}

TEST(Hex, EveryByteIsWrittenAndReadAgain) {
  std::vector<std::uint8_t> bytes(256);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  const std::string digits = to_hex(bytes);
  EXPECT_EQ(digits.substr(0, 8), "00010203");
  EXPECT_EQ(digits.substr(2 * 0x9a, 12), "9a9b9c9d9e9f");
  std::string upper = digits;
  for (char& digit : upper) digit = static_cast<char>(std::toupper(digit));
  std::vector<std::uint8_t> out(256);
  ASSERT_TRUE(decode_hex(upper, out));
  EXPECT_EQ(out, bytes);
}

TEST(Base64, FollowsTheVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
  EXPECT_EQ(from_base64("-_8"), "\xfb\xff");
  EXPECT_FALSE(from_base64("a"));
  EXPECT_FALSE(from_base64("a*=="));
}

TEST(Utf8, ReplacesEachMaximalInvalidSequenceOnce) {
  EXPECT_EQ(to_valid_utf8("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x8f\xa0"),
            "plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x8f\xa0");
  EXPECT_EQ(to_valid_utf8("a\xff"
                          "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(to_valid_utf8("\xe2\x82"), "\xEF\xBF\xBD");              // cut off
  EXPECT_EQ(to_valid_utf8("\xc0\xaf"), "\xEF\xBF\xBD\xEF\xBF\xBD");  // overlong
  EXPECT_EQ(valid_utf8_prefix("ok\xed\xa0\x80"), 2U);                // a surrogate
}

TEST(Utf8, WritesCodePointsOfEverySize) {
  std::string text;
  for (const std::uint32_t code_point : {0x00U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xFFFFU, 0x10000U, 0x10FFFFU}) {
    append_utf8(text, code_point);
  }
  EXPECT_EQ(text,
            std::string_view("\x00\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 20));
}

TEST(Random, ThreadsNeverShareASequence) {
  std::vector<std::uint64_t> first(4);
  std::vector<std::thread> threads;
  for (auto& value : first) threads.emplace_back([&value] { value = random_bits(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::uint64_t>(first.begin(), first.end()).size(), first.size());
}

TEST(Random, AForkedChildDoesNotRepeatItsParent) {
  (void)random_bits();
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::uint64_t value = random_bits();
    const bool written = write(pipe_ends[1], &value, sizeof value) == sizeof value;
    _exit(written ? 0 : 1);
  }
  std::uint64_t of_child = 0;
  ASSERT_EQ(read(pipe_ends[0], &of_child, sizeof of_child), static_cast<ssize_t>(sizeof of_child));
  EXPECT_NE(of_child, random_bits());
  waitpid(child, nullptr, 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(Clock, AgreesWithTheRealtimeClockAndNeverRunsBackwards) {
  const ClockConversion convert = clock_conversion();
  Ticks last = now_ticks();
  for (int i = 0; i < 1000; ++i) {
    const Ticks next = now_ticks();
    ASSERT_GE(next, last);
    last = next;
  }
  recalibrate_clock();
  const std::uint64_t before = unix_nanos_now();
  const std::uint64_t ours = clock_conversion().to_unix_nanos(now_ticks());
  const std::uint64_t after = unix_nanos_now();
  constexpr std::uint64_t tolerance = 1'000'000;  // 1 ms: far above the error, far below a wrong unit
  EXPECT_GE(ours + tolerance, before);
  EXPECT_LE(ours, after + tolerance);
  const std::uint64_t round_trip = convert.to_unix_nanos(convert.to_ticks(before));
  EXPECT_NEAR(static_cast<double>(static_cast<std::int64_t>(round_trip - before)), 0.0, 1000.0);
}

}  // namespace
}  // namespace segue
