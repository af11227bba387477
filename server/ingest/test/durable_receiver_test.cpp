// The receiver on the real store: what was answered 200 is there when the store is opened again.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "request_table.h"
#include "segue/otlp/response.h"
#include "segue/server/ingest/otlp_receiver.h"
#include "segue/server/store/rocks_store.h"

namespace segue::server {
namespace {

using test::RequestCase;

constexpr std::size_t max_body_bytes = 100'000;

class DurableReceiver : public ::testing::Test {
 protected:
  DurableReceiver() {
    std::string pattern = (std::filesystem::temp_directory_path() / "segue-ingest-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern;
  }
  ~DurableReceiver() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::unique_ptr<Store> open_store() const {
    auto store = open_rocks_store({.directory = folder_});
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

 private:
  std::filesystem::path folder_;
};

Response send(OtlpReceiver& receiver, const RequestCase& entry) {
  Request request{.method = "POST", .path = "/v1/traces", .body = entry.body};
  request.headers.add("Content-Type", entry.content_type);
  request.headers.add("Content-Encoding", entry.content_encoding);
  return receiver.handle(request);
}

TEST_F(DurableReceiver, HasWhatItAcknowledgedAndNothingElse) {
  {
    const auto store = open_store();
    OtlpReceiver receiver(*store, {.max_body_bytes = max_body_bytes});
    for (const RequestCase& entry : test::request_table(max_body_bytes)) {
      EXPECT_EQ(send(receiver, entry).status, entry.status) << entry.name;
    }
    // The one of all good requests, and two that are as deep as allowed; the rest are repetitions.
    EXPECT_EQ(receiver.stats().stored_spans, 3U);
    EXPECT_GT(receiver.stats().duplicate_spans, 10U);
  }
  const auto store = open_store();
  for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{7}}) {
    const SpanView sent = test::make_span(number);
    const Result<SpanList> found = store->trace(sent.trace_id);
    ASSERT_TRUE(found) << int{number} << ": " << found.error().message;
    std::set<SpanId> ids;
    for (const SpanView& span : found->spans) ids.insert(span.span_id);
    EXPECT_TRUE(ids.contains(sent.span_id));
  }
  EXPECT_EQ(store->trace(test::make_span(2).trace_id).error().code, Errc::NotFound);
  EXPECT_EQ(store->trace(test::make_span(3).trace_id).error().code, Errc::NotFound);
}

}  // namespace
}  // namespace segue::server
