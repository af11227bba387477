#include "committer.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

namespace segue::server::detail {
namespace {

using Appends = std::span<const SpanList* const>;
using Receipts = Result<std::vector<AppendReceipt>>;

SpanList list_of(std::size_t spans) {
  SpanList list;
  list.spans.resize(spans);
  return list;
}

/// A write that the test lets through when it wants.
struct Gate {
  std::latch entered{1}, opened{1};
};

TEST(Committer, AnswersEachAppendWithItsOwnReceipt) {
  Committer committer(1 << 20, [](Appends appends) -> Receipts {
    std::vector<AppendReceipt> receipts;
    for (const SpanList* list : appends) receipts.push_back({list->spans.size(), 0});
    return receipts;
  });
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i <= 8; ++i) {
    threads.emplace_back([&committer, i] {
      const auto receipt = committer.append(list_of(i));
      ASSERT_TRUE(receipt);
      EXPECT_EQ(receipt->stored, i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(committer.queued_bytes(), 0U);
}

TEST(Committer, WhatQueuesUpDuringAWriteIsOneGroupAndFailsTogether) {
  Gate gate;
  std::vector<std::size_t> group_sizes;
  Committer committer(1 << 20, [&](Appends appends) -> Receipts {
    group_sizes.push_back(appends.size());
    if (group_sizes.size() > 1) return Error{Errc::Unavailable, "the disk is full"};
    gate.entered.count_down();
    gate.opened.wait();
    return std::vector<AppendReceipt>(appends.size());
  });
  std::thread first([&] { EXPECT_TRUE(committer.append(list_of(1))); });
  gate.entered.wait();
  std::vector<std::thread> others;
  for (int i = 0; i < 5; ++i) {
    others.emplace_back([&] { EXPECT_EQ(committer.append(list_of(1)).error().code, Errc::Unavailable); });
  }
  const std::uint64_t bytes_of_all = 6 * approximate_bytes(list_of(1));
  while (committer.queued_bytes() < bytes_of_all) std::this_thread::yield();
  gate.opened.count_down();
  first.join();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(group_sizes, (std::vector<std::size_t>{1, 5}));
}

TEST(Committer, RefusesWhenTheQueueIsFull) {
  Gate gate;
  const std::size_t bytes = approximate_bytes(list_of(4));
  Committer committer(bytes, [&](Appends appends) -> Receipts {
    gate.entered.count_down();
    gate.opened.wait();
    return std::vector<AppendReceipt>(appends.size());
  });
  EXPECT_EQ(committer.append(list_of(5)).error().code, Errc::LimitExceeded);
  std::thread first([&] { EXPECT_TRUE(committer.append(list_of(4))); });
  gate.entered.wait();
  EXPECT_EQ(committer.append(list_of(1)).error().code, Errc::Unavailable);
  EXPECT_EQ(committer.refused(), 2U);
  gate.opened.count_down();
  first.join();
}

TEST(Committer, TurnsAnExceptionIntoAnError) {
  Committer committer(1 << 20, [](Appends) -> Receipts { throw std::runtime_error("out of memory"); });
  EXPECT_EQ(committer.append(list_of(1)).error().code, Errc::Internal);
}

}  // namespace
}  // namespace segue::server::detail
