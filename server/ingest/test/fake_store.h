// FakeStore: a Store that only takes spans, and fails when it is told to.
//
// Thread safety: none, tests call it from one thread. Errors: those it is told to answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/otlp/encode.h"
#include "segue/server/store/store.h"

namespace segue::server::test {

class FakeStore : public Store {
 public:
  Result<AppendReceipt> append(const SpanList& spans) override {
    if (failure_) return *failure_;
    appended_.push_back(otlp::encode_request(spans.spans));
    const std::uint64_t duplicates = std::exchange(duplicates_, 0);
    return AppendReceipt{.stored = spans.spans.size() - duplicates, .duplicates = duplicates};
  }

  /// Every append as one export request.
  const std::vector<std::string>& appended() const noexcept { return appended_; }
  void fail_with(Error error) { failure_ = std::move(error); }
  /// So many spans of the next append were there before.
  void count_as_duplicates(std::uint64_t spans) noexcept { duplicates_ = spans; }

  Result<SpanList> trace(const TraceId&) override { return no_reading(); }
  Result<TraceSummary> trace_summary(const TraceId&) override { return no_reading(); }
  Result<Page<TraceSummary>> find_traces(const TraceQuery&) override { return no_reading(); }
  Result<Page<JourneySummary>> find_journeys(const JourneyQuery&) override { return no_reading(); }
  Result<JourneySummary> journey(std::string_view) override { return no_reading(); }
  Result<std::vector<TraceId>> traces_of_contact(std::string_view) override { return no_reading(); }
  Result<std::vector<TraceId>> traces_linking_to(const TraceId&) override { return no_reading(); }
  Result<std::vector<BotNodes>> bots() override { return no_reading(); }
  Result<std::vector<std::string>> services() override { return no_reading(); }
  StoreStats stats() const noexcept override { return {}; }

 private:
  static Error no_reading() { return {Errc::FailedPrecondition, "the fake store cannot be read"}; }

  std::vector<std::string> appended_;
  std::optional<Error> failure_;
  std::uint64_t duplicates_ = 0;
};

}  // namespace segue::server::test
