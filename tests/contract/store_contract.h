// The store contract: the one suite that every implementation of Store must pass.
//
//   INSTANTIATE_TEST_SUITE_P(Rocks, StoreContract, testing::Values(StoreKind{"rocks", &open_rocks}));
//
// Link the store_contract_*.cpp files into a test program and instantiate the suite with a function that opens a store
// in an empty or already used folder. Each test gets a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "segue/base/result.h"
#include "segue/server/store/store.h"
#include "span_maker.h"

namespace segue::server::contract {

struct StoreKind {
  std::string name;
  std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path&)> open;
};

inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

/// A folder that is removed with its contents at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override { reopen(); }

  /// Closes the store, if it is open, and opens it again in the same folder.
  void reopen();
  Store& store() { return *store_; }

  /// Appends what the maker made; fails the test if the store refuses. Returns how many were stored.
  std::uint64_t append(const SpanMaker& maker);

  /// All pages of a query, put together; every page is checked to hold at most `limit` results.
  std::vector<TraceSummary> all_traces(TraceQuery query);
  std::vector<JourneySummary> all_journeys(JourneyQuery query);

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

/// The numbers the traces' ids were made of, in the order given.
std::vector<std::uint64_t> numbers_of(const std::vector<TraceSummary>& traces);
std::vector<std::uint64_t> numbers_of(const std::vector<TraceId>& ids);

}  // namespace segue::server::contract
