#include "segue/export/spool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "crc32c.h"
#include "segue/base/log.h"
#include "spool_files.h"
#include "spool_segment.h"
#include "spool_test_support.h"

namespace segue {
namespace {

using test::append_text;
using test::lost_spans;
using test::open_spool;
using test::take_texts;
using test::TemporaryFolder;

using Texts = std::vector<std::string>;

/// Writes the first record of a segment again as if that had been `age` ago.
void make_older(const std::filesystem::path& path, std::chrono::nanoseconds age) {
  const auto name = detail::SegmentName::parse(path.filename().string());
  ASSERT_TRUE(name);
  std::string bytes = test::read_bytes(path);
  detail::RecordHeader header = detail::SegmentReader(bytes, name->salt).next().header;
  header.written_unix_nanos -= static_cast<std::uint64_t>(age.count());
  const detail::HeaderBytes older = detail::encode_header(header, name->salt);
  bytes.replace(0, older.size(), older.data(), older.size());
  test::write_bytes(path, bytes);
}

TEST(Crc32c, GivesTheStandardsAnswerInOnePieceAndInSeveral) {
  EXPECT_EQ(detail::crc32c("123456789"), 0xe3069283U);
  const std::string text(100, 'x');
  const std::string_view view = text;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(detail::crc32c(view.substr(cut), detail::crc32c(view.substr(0, cut))), detail::crc32c(text));
  }
}

TEST(Spool, GivesBatchesBackInTheOrderInWhichTheyCame) {
  const TemporaryFolder folder;
  const auto spool = open_spool({.folder = folder.path().string()});
  EXPECT_TRUE(spool->is_empty());
  EXPECT_TRUE(append_text(*spool, "a", 1));
  EXPECT_TRUE(append_text(*spool, "b", 2));
  const SpooledBatch* batch = spool->front();
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->batch.resource, "resource");
  ASSERT_EQ(batch->batch.regions.size(), 1U);
  EXPECT_EQ(batch->batch.regions[0].scope, "scope");
  EXPECT_EQ(batch->batch.regions[0].schema_url, "url");
  EXPECT_EQ(batch->batch.regions[0].spans, "a");
  EXPECT_EQ(batch->span_count, 1U);
  EXPECT_FALSE(batch->is_recovered);
  EXPECT_EQ(spool->front(), batch) << "the same until pop";
  EXPECT_TRUE(append_text(*spool, "c", 3));
  EXPECT_EQ(take_texts(*spool), (Texts{"a", "b", "c"}));
  EXPECT_TRUE(spool->is_empty());
  EXPECT_TRUE(folder.segments().empty());
  EXPECT_EQ(spool->byte_count(), 0U);
  EXPECT_TRUE(spool->take_losses().empty());
}

TEST(Spool, WhatIsLeftIsThereForTheNextProcessAndWhatIsPoppedIsNot) {
  const TemporaryFolder folder;
  {
    const auto spool = open_spool({.folder = folder.path().string()});
    for (const char* text : {"a", "b", "c"}) EXPECT_TRUE(append_text(*spool, text, 1));
    ASSERT_NE(spool->front(), nullptr);
    spool->pop();
  }
  const auto spool = open_spool({.folder = folder.path().string()});
  EXPECT_FALSE(spool->is_empty());
  EXPECT_TRUE(append_text(*spool, "d", 1));
  ASSERT_NE(spool->front(), nullptr);
  EXPECT_TRUE(spool->front()->is_recovered);
  EXPECT_EQ(take_texts(*spool), (Texts{"b", "c", "d"}));
  EXPECT_EQ(spool->damage().places + spool->damage().unclosed_segments, 0U);
}

TEST(Spool, IsReadableByItsOwnerOnlyAndWorksTheSameWhenSynced) {
  const TemporaryFolder folder;
  const auto spool = open_spool({.folder = (folder.path() / "made" / "here").string(), .sync = SpoolSync::EveryBatch});
  EXPECT_TRUE(append_text(*spool, "a", 1));
  const auto permissions = [](const std::filesystem::path& path) {
    return std::filesystem::status(path).permissions();
  };
  const auto segment = folder.segments().at(0);
  EXPECT_EQ(permissions(segment), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(permissions(segment.parent_path()), std::filesystem::perms::owner_all);
  EXPECT_EQ(permissions(folder.path() / "made"), std::filesystem::perms::owner_all);
  EXPECT_EQ(take_texts(*spool), Texts{"a"});
}

TEST(Spool, WhenFullTheOldestBatchesMakeRoomAndAreCounted) {
  const TemporaryFolder folder;
  constexpr std::uint64_t limit = 64 << 10;
  const auto spool = open_spool({.folder = folder.path().string(), .max_bytes = limit});
  constexpr std::uint64_t batches = 200;
  for (std::uint64_t i = 0; i < batches; ++i) {
    EXPECT_TRUE(append_text(*spool, std::to_string(i) + std::string(1000, ' '), 2));
    EXPECT_LE(spool->byte_count(), limit);
    std::uintmax_t on_disk = 0;
    for (const auto& segment : folder.segments()) on_disk += std::filesystem::file_size(segment);
    EXPECT_EQ(on_disk, spool->byte_count());
  }
  const Texts kept = take_texts(*spool);
  EXPECT_GT(kept.size(), 50U);
  EXPECT_EQ(std::stoi(kept.back()), 199);
  EXPECT_EQ(std::stoi(kept.front()), static_cast<int>(batches - kept.size()));
  EXPECT_EQ(lost_spans(*spool, DropReason::SpoolFull), 2 * (batches - kept.size()));
}

TEST(Spool, MakesRoomAlsoWhileItIsReadAndCountsNothingTwice) {
  const TemporaryFolder folder;
  const auto spool = open_spool({.folder = folder.path().string(), .max_bytes = 64 << 10});
  std::uint64_t taken = 0;
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE(append_text(*spool, std::string(1500, 'x'), 1));
    if (spool->front() != nullptr && i % 3 == 0) {
      spool->pop();
      ++taken;
    }
  }
  taken += take_texts(*spool).size();
  EXPECT_EQ(taken + lost_spans(*spool, DropReason::SpoolFull), 300U);
}

TEST(Spool, RefusesABatchThatIsLargerThanItselfAndStaysUsable) {
  const TemporaryFolder folder;
  const auto spool = open_spool({.folder = folder.path().string(), .max_bytes = 64 << 10});
  const auto refused = append_text(*spool, std::string(70'000, 'x'), 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::LimitExceeded);
  EXPECT_TRUE(spool->is_empty());
  EXPECT_TRUE(append_text(*spool, "small", 1));
  EXPECT_EQ(take_texts(*spool), Texts{"small"});
}

TEST(Spool, DropsWhatIsOlderThanItMayBe) {
  const TemporaryFolder folder;
  SpoolOptions options{.folder = folder.path().string()};
  {
    const auto spool = open_spool(options);
    EXPECT_TRUE(append_text(*spool, "old", 3));
  }
  make_older(folder.segments().at(0), std::chrono::hours(71));
  options.max_age = std::chrono::hours(72);
  EXPECT_NE(open_spool(options)->front(), nullptr);
  options.max_age = std::chrono::hours(0);
  EXPECT_NE(open_spool(options)->front(), nullptr) << "no limit";
  options.max_age = std::chrono::hours(70);
  const auto spool = open_spool(options);
  EXPECT_EQ(spool->front(), nullptr);
  EXPECT_EQ(lost_spans(*spool, DropReason::SpoolExpired), 3U);
}

TEST(Spool, EveryProcessHasASubFolderAndTakesOverThoseOfTheDead) {
  const TemporaryFolder folder;
  const SpoolOptions options{.folder = folder.path().string()};
  auto first = open_spool(options);
  auto second = open_spool(options);
  EXPECT_TRUE(append_text(*first, "first", 1));
  EXPECT_TRUE(append_text(*second, "second", 1));
  const auto third = open_spool(options);
  EXPECT_EQ(third->front(), nullptr) << "the others are alive";
  second.reset();
  first.reset();
  const auto fourth = open_spool(options);
  Texts texts = take_texts(*fourth);
  std::ranges::sort(texts);
  EXPECT_EQ(texts, (Texts{"first", "second"}));
}

TEST(Spool, SaysWhatIsWrongWithAFolderOrAnOption) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "file").string();
  test::write_bytes(file, "not a folder");
  const auto code_of = [](const SpoolOptions& options) {
    const auto spool = Spool::open(options);
    return spool ? Errc::Internal : spool.error().code;
  };
  EXPECT_EQ(code_of({.folder = file + "/spool"}), Errc::IoError);
  EXPECT_EQ(code_of({.folder = ""}), Errc::InvalidArgument);
  EXPECT_EQ(code_of({.folder = folder.path().string(), .max_bytes = 65535}), Errc::InvalidArgument);
  EXPECT_EQ(code_of({.folder = folder.path().string(), .max_age = std::chrono::seconds(-1)}), Errc::InvalidArgument);
}

TEST(Spool, ADiskThatRefusesCostsTheBatchAndNothingElse) {
  const TemporaryFolder folder;
  const auto spool = open_spool({.folder = folder.path().string()});
  EXPECT_TRUE(append_text(*spool, std::string(1000, 'a'), 1));
  // A limit on the size of files stands in for a full disk: part of a record is written, then no more.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 1500, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto refused = append_text(*spool, std::string(1000, 'b'), 1);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)std::signal(SIGXFSZ, previous);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::IoError);
  EXPECT_TRUE(append_text(*spool, std::string(1000, 'c'), 1));
  EXPECT_EQ(take_texts(*spool), (Texts{std::string(1000, 'a'), std::string(1000, 'c')}));
  EXPECT_EQ(spool->damage().places, 0U);
}

// Damage. A small spool of four batches, of 1, 2, 4 and 8 spans, damaged in every way at every byte.

const Texts texts_of_four = {"first batch", "second batch", "third batch", "fourth batch"};

struct DamagedSpool {
  DamagedSpool() {
    auto spool = open_spool({.folder = folder.path().string()});
    for (std::uint32_t i = 0; i < texts_of_four.size(); ++i) {
      EXPECT_TRUE(append_text(*spool, texts_of_four[i], 1U << i));
    }
    segment = folder.segments().at(0);
    spool.reset();
    whole = test::read_bytes(segment);
  }

  struct Outcome {
    Texts texts;
    std::uint64_t missing_spans = 0;
    std::uint64_t lost_spans = 0;
    bool says_so = false;
  };

  /// What a new process finds when the segment has become `bytes`.
  Outcome read(std::string_view bytes) const {
    test::write_bytes(segment, bytes);
    const auto spool = open_spool({.folder = folder.path().string()});
    Outcome outcome{.texts = take_texts(*spool)};
    for (std::uint32_t i = 0; i < texts_of_four.size(); ++i) {
      if (std::ranges::count(outcome.texts, texts_of_four[i]) == 0) outcome.missing_spans += 1U << i;
    }
    outcome.lost_spans = lost_spans(*spool, DropReason::SpoolCorrupt);
    outcome.says_so = spool->damage().places + spool->damage().unclosed_segments > 0;
    return outcome;
  }

  TemporaryFolder folder;
  std::filesystem::path segment;
  std::string whole;
};

/// `texts` are some of the four, in their order, and nothing else.
bool are_some_in_order(const Texts& texts) {
  auto at = texts_of_four.begin();
  return std::ranges::all_of(texts, [&at](const std::string& text) {
    at = std::find(at, texts_of_four.end(), text);
    return at != texts_of_four.end() && at++ != texts_of_four.end();
  });
}

TEST(SpoolDamage, AChangedByteLosesAtMostItsRecordAndIsReported) {
  set_log_level(LogLevel::Off);
  const DamagedSpool damaged;
  for (std::size_t at = 0; at < damaged.whole.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xff}) {
      std::string bytes = damaged.whole;
      bytes[at] = static_cast<char>(bytes[at] ^ change);
      const auto outcome = damaged.read(bytes);
      EXPECT_TRUE(are_some_in_order(outcome.texts)) << at;
      EXPECT_GE(outcome.texts.size(), 3U) << at;
      EXPECT_EQ(outcome.lost_spans, outcome.missing_spans) << at;
      EXPECT_TRUE(outcome.says_so || outcome.missing_spans == 0) << at;
    }
  }
  set_log_level(LogLevel::Warning);
}

TEST(SpoolDamage, ACutAtAnyByteLosesWhatIsBehindItAndIsReported) {
  set_log_level(LogLevel::Off);
  const DamagedSpool damaged;
  std::size_t kept_before = 0;
  for (std::size_t size = 0; size < damaged.whole.size(); ++size) {
    const auto outcome = damaged.read(std::string_view(damaged.whole).substr(0, size));
    EXPECT_TRUE(are_some_in_order(outcome.texts)) << size;
    EXPECT_GE(outcome.texts.size(), kept_before) << size;
    EXPECT_TRUE(outcome.says_so) << size;
    EXPECT_LE(outcome.lost_spans, outcome.missing_spans) << size;
    kept_before = outcome.texts.size();
  }
  EXPECT_EQ(kept_before, 4U);
  EXPECT_FALSE(damaged.read(damaged.whole).says_so);
  set_log_level(LogLevel::Warning);
}

TEST(SpoolDamage, AMissingOrSurplusByteLosesAtMostItsRecordAndIsReported) {
  set_log_level(LogLevel::Off);
  const DamagedSpool damaged;
  for (std::size_t at = 0; at < damaged.whole.size(); ++at) {
    for (const std::size_t surplus : {0U, 2U}) {
      std::string bytes = damaged.whole;
      bytes.replace(at, 1, surplus, '\x5a');
      const auto outcome = damaged.read(bytes);
      EXPECT_TRUE(are_some_in_order(outcome.texts)) << at;
      EXPECT_GE(outcome.texts.size(), 3U) << at;
      EXPECT_EQ(outcome.lost_spans, outcome.missing_spans) << at;
      EXPECT_TRUE(outcome.says_so) << at;
    }
  }
  set_log_level(LogLevel::Warning);
}

TEST(SpoolDamage, ASpanThatLooksLikeARecordIsNotTakenForOne) {
  set_log_level(LogLevel::Off);
  const DamagedSpool other;
  const TemporaryFolder folder;
  {
    const auto spool = open_spool({.folder = folder.path().string()});
    EXPECT_TRUE(append_text(*spool, other.whole, 1));
    EXPECT_TRUE(append_text(*spool, "honest", 1));
  }
  const auto segment = folder.segments().at(0);
  std::string bytes = test::read_bytes(segment);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);  // in the first header
  test::write_bytes(segment, bytes);
  const auto spool = open_spool({.folder = folder.path().string()});
  EXPECT_EQ(take_texts(*spool), Texts{"honest"});
  EXPECT_EQ(lost_spans(*spool, DropReason::SpoolCorrupt), 1U);
  set_log_level(LogLevel::Warning);
}

TEST(Spool, RemembersHowFarABatchHasComeAsLongAsTheProcessRuns) {
  const TemporaryFolder folder;
  const SpoolOptions options{.folder = folder.path().string()};
  auto spool = open_spool(options);
  const ExportRegion region{.spans = "x", .span_count = 1};
  ExportBatch batch{.resource = "resource", .regions = {&region, 1}};
  ASSERT_TRUE(spool->append(batch));
  batch.progress = {.delivered = 1, .refused = 2, .rejected_spans = 3};
  ASSERT_TRUE(spool->append(batch));
  EXPECT_EQ(spool->front()->batch.progress.delivered, 0U);
  spool->set_progress({.delivered = 4});
  EXPECT_EQ(spool->front()->batch.progress.delivered, 4U);
  spool->pop();
  EXPECT_EQ(spool->front()->batch.progress.delivered, 1U);
  EXPECT_EQ(spool->front()->batch.progress.refused, 2U);
  EXPECT_EQ(spool->front()->batch.progress.rejected_spans, 3U);
  spool.reset();
  EXPECT_EQ(open_spool(options)->front()->batch.progress.delivered, 0U) << "the next one may have other destinations";
}

}  // namespace
}  // namespace segue
