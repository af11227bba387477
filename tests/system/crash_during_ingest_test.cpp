// A client sends spans on several threads while the server is killed, twenty times. What was acknowledged must be there.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/json.hpp>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

#include "segue/base/random.h"
#include "segue/model/span_view.h"
#include "segue/otlp/encode.h"
#include "segue/server/http/http_client.h"
#include "segue_server.h"
#include "temp_folder.h"

namespace segue::test {
namespace {

using server::http_request;

constexpr int rounds = 20;
constexpr int sender_threads = 4;
constexpr std::size_t spans_per_batch = 3;
constexpr std::uint64_t most_batches_before_the_kill = 60;

/// The spans of one request; they share a trace id.
struct Batch {
  std::array<SpanView, spans_per_batch> spans;

  const TraceId& trace_id() const { return spans.front().trace_id; }
  std::set<std::string> span_ids() const {
    std::set<std::string> ids;
    for (const SpanView& span : spans) ids.insert(span.span_id.to_hex());
    return ids;
  }
};

template <class Id>
Id random_id() {
  Id id;
  for (std::size_t i = 0; i < Id::byte_count; i += sizeof(std::uint64_t)) {
    const std::uint64_t bits = random_bits();
    std::memcpy(id.bytes.data() + i, &bits, sizeof bits);
  }
  return id;
}

Batch make_batch() {
  Batch batch;
  const auto trace_id = random_id<TraceId>();
  for (SpanView& span : batch.spans) {
    span.trace_id = trace_id;
    span.span_id = random_id<SpanId>();
    span.parent_span_id = &span == &batch.spans[0] ? SpanId{} : batch.spans[0].span_id;
    span.name = "lead_bot.analyze_intent";
    span.start_unix_nanos = 1'700'000'000'000'000'000U;
    span.end_unix_nanos = span.start_unix_nanos + 1'000'000;
  }
  return batch;
}

/// Sends batches from several threads until the server is gone, and knows what became of each.
class Senders {
 public:
  explicit Senders(const std::string& otlp_url) : url_(otlp_url + "/v1/traces") {
    for (int i = 0; i < sender_threads; ++i) threads_.emplace_back([this] { send_until_refused(); });
  }

  void wait_for_acknowledged(std::uint64_t batches) const {
    std::uint64_t seen = 0;
    while ((seen = acknowledged_count_.load()) < batches) acknowledged_count_.wait(seen);
  }

  void join() {
    for (std::thread& thread : threads_) thread.join();
  }

  /// After `join()`.
  const std::vector<Batch>& acknowledged() const { return acknowledged_; }
  const std::vector<Batch>& unanswered() const { return unanswered_; }

 private:
  void send_until_refused() {
    while (true) {
      const Batch batch = make_batch();
      const auto answer = http_request({.method = "POST",
                                        .url = url_,
                                        .headers = {{"Content-Type", "application/x-protobuf"}},
                                        .body = otlp::encode_request(batch.spans)});
      const std::lock_guard lock(mutex_);
      if (!answer) {
        unanswered_.push_back(batch);
        return;
      }
      EXPECT_EQ(answer->status, 200U);
      acknowledged_.push_back(batch);
      ++acknowledged_count_;
      acknowledged_count_.notify_all();
    }
  }

  const std::string url_;
  std::mutex mutex_;
  std::vector<Batch> acknowledged_;  // guarded by mutex_
  std::vector<Batch> unanswered_;    // guarded by mutex_
  std::atomic<std::uint64_t> acknowledged_count_ = 0;
  std::vector<std::thread> threads_;
};

/// The ids of the spans that the server has of a trace; empty if it does not know the trace.
std::set<std::string> stored_span_ids(const SegueServer& server, const TraceId& trace_id) {
  const auto answer = http_request({.url = server.api_url() + "/api/v1/traces/" + trace_id.to_hex()});
  EXPECT_TRUE(answer) << answer.error().message;
  std::set<std::string> ids;
  if (!answer || answer->status == 404U) return ids;
  EXPECT_EQ(answer->status, 200U) << answer->body;
  const boost::json::value body = boost::json::parse(answer->body);
  for (const boost::json::value& span : body.at("span_list").as_array()) {
    ids.emplace(span.at("span_id").as_string().c_str());
  }
  return ids;
}

void expect_all_stored(const SegueServer& server, const std::vector<Batch>& batches) {
  const auto is_lost = [&](const Batch& batch) {
    return stored_span_ids(server, batch.trace_id()) != batch.span_ids();
  };
  EXPECT_EQ(std::ranges::count_if(batches, is_lost), 0) << "of " << batches.size() << " acknowledged batches";
}

/// What was not answered may be stored or not, but never in part.
void expect_whole_or_absent(const SegueServer& server, const std::vector<Batch>& batches) {
  for (const Batch& batch : batches) {
    const std::set<std::string> ids = stored_span_ids(server, batch.trace_id());
    EXPECT_TRUE(ids.empty() || ids == batch.span_ids()) << ids.size() << " spans of " << batch.trace_id().to_hex();
  }
}

TEST(CrashDuringIngest, LosesNothingThatWasAcknowledged) {
  const TempFolder folder;
  std::vector<Batch> acknowledged;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    SegueServer server(folder.path());
    Senders senders(server.otlp_url());
    senders.wait_for_acknowledged(1 + random_bits() % most_batches_before_the_kill);
    server.program().kill();
    senders.join();

    SegueServer restarted(folder.path());
    expect_all_stored(restarted, senders.acknowledged());
    expect_whole_or_absent(restarted, senders.unanswered());
    EXPECT_EQ(restarted.program().terminate(), 0);
    acknowledged.insert(acknowledged.end(), senders.acknowledged().begin(), senders.acknowledged().end());
    if (HasFailure()) return;
  }
  SegueServer last(folder.path());
  expect_all_stored(last, acknowledged);
}

}  // namespace
}  // namespace segue::test
