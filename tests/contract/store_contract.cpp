#include "store_contract.h"

#include <cstdlib>

namespace segue::server::contract {
namespace {

std::uint64_t number_of(const TraceId& id) {
  std::uint64_t number = 0;
  for (std::size_t i = TraceId::byte_count - 6; i < TraceId::byte_count; ++i) number = number << 8 | id.bytes[i];
  return number;
}

template <class Item, class Query>
std::vector<Item> all_pages(Query query, const std::function<Result<Page<Item>>(const Query&)>& find) {
  std::vector<Item> all;
  do {
    auto page = find(query);
    if (!page) {
      ADD_FAILURE() << page.error().message;
      return all;
    }
    EXPECT_LE(page->items.size(), query.limit);
    EXPECT_TRUE(page->next_page_token.empty() || page->items.size() == query.limit);
    for (Item& item : page->items) all.push_back(std::move(item));
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  return all;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "segue_store_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void StoreContract::reopen() {
  store_.reset();
  auto opened = GetParam().open(folder_.path());
  ASSERT_TRUE(opened) << opened.error().message;
  store_ = std::move(*opened);
}

std::uint64_t StoreContract::append(const SpanMaker& maker) {
  const auto receipt = store_->append(maker.list());
  if (!receipt) {
    ADD_FAILURE() << receipt.error().message;
    return 0;
  }
  EXPECT_EQ(receipt->stored + receipt->duplicates, maker.list().spans.size());
  return receipt->stored;
}

std::vector<TraceSummary> StoreContract::all_traces(TraceQuery query) {
  return all_pages<TraceSummary, TraceQuery>(std::move(query),
                                             [&](const auto& one) { return store_->find_traces(one); });
}

std::vector<JourneySummary> StoreContract::all_journeys(JourneyQuery query) {
  return all_pages<JourneySummary, JourneyQuery>(std::move(query),
                                                 [&](const auto& one) { return store_->find_journeys(one); });
}

std::vector<std::uint64_t> numbers_of(const std::vector<TraceSummary>& traces) {
  std::vector<std::uint64_t> numbers;
  for (const TraceSummary& trace : traces) numbers.push_back(number_of(trace.trace_id));
  return numbers;
}

std::vector<std::uint64_t> numbers_of(const std::vector<TraceId>& ids) {
  std::vector<std::uint64_t> numbers;
  for (const TraceId& id : ids) numbers.push_back(number_of(id));
  return numbers;
}

}  // namespace segue::server::contract
