// FakeStore: a Store over spans written down in a test, which remembers what it was asked.
//
//   FakeStore store({{.trace = 1, .name = "lead_bot.qualify", .attributes = {{"workflow.contact_id", "anna"}}}});
//   store.failure = Error{Errc::Unavailable, "disk full"};   // from now on every call fails
//
// Searches answer `traces_page` and `journeys_page`, whatever the query. Thread safety: none.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/server/query/journey.h"
#include "segue/server/recognise/recognition.h"
#include "segue/server/store/store.h"
#include "segue/server/testing/spans.h"

namespace segue::server::testing {

class FakeStore final : public Store {
 public:
  explicit FakeStore(std::vector<SpanFields> fields = {}) : all_(make_spans(std::move(fields))) {}

  std::optional<Error> failure = {};
  Page<TraceSummary> traces_page = {};
  Page<JourneySummary> journeys_page = {};
  std::vector<BotNodes> bot_list = {};
  std::vector<std::string> service_list = {};
  StoreStats statistics = {};
  TraceQuery last_trace_query = {};
  JourneyQuery last_journey_query = {};
  unsigned traces_read = 0;

  Result<AppendReceipt> append(const SpanList&) override {
    return Error{Errc::Unavailable, "the fake store is read-only"};
  }

  Result<SpanList> trace(const TraceId& id) override {
    if (failure) return *failure;
    ++traces_read;
    std::vector<SpanFields> wanted;
    std::copy_if(all_.fields->begin(), all_.fields->end(), std::back_inserter(wanted),
                 [&](const SpanFields& span) { return trace_id(span.trace) == id; });
    if (wanted.empty()) return Error{Errc::NotFound, "no trace " + id.to_hex()};
    SpanListWithFields made = make_spans(std::move(wanted));
    kept_.push_back(made.fields);
    return std::move(made.list);
  }

  Result<TraceSummary> trace_summary(const TraceId& id) override {
    Result<SpanList> spans = trace(id);
    if (!spans) return spans.error();
    return summarise(id, spans->spans);
  }

  Result<Page<TraceSummary>> find_traces(const TraceQuery& query) override {
    last_trace_query = query;
    if (failure) return *failure;
    return traces_page;
  }

  Result<Page<JourneySummary>> find_journeys(const JourneyQuery& query) override {
    last_journey_query = query;
    if (failure) return *failure;
    return journeys_page;
  }

  Result<JourneySummary> journey(std::string_view) override {
    return Error{Errc::NotFound, "not kept by the fake store"};
  }

  Result<std::vector<TraceId>> traces_of_contact(std::string_view contact_id) override {
    return traces_with([&](const SpanView& span) { return recognise(span).contact_id == contact_id; });
  }

  Result<std::vector<TraceId>> traces_linking_to(const TraceId& id) override {
    return traces_with([&](const SpanView& span) {
      return std::any_of(span.links.begin(), span.links.end(),
                         [&](const LinkView& link) { return link.trace_id == id; });
    });
  }

  Result<std::vector<BotNodes>> bots() override {
    if (failure) return *failure;
    return bot_list;
  }

  Result<std::vector<std::string>> services() override {
    if (failure) return *failure;
    return service_list;
  }

  StoreStats stats() const noexcept override { return statistics; }

 private:
  template <class Condition>
  Result<std::vector<TraceId>> traces_with(Condition condition) {
    if (failure) return *failure;
    std::map<TraceId, std::uint64_t> starts;
    std::set<TraceId> fitting;
    for (const SpanView& span : all_.spans()) {
      const auto [start, is_new] = starts.try_emplace(span.trace_id, span.start_unix_nanos);
      start->second = std::min(start->second, span.start_unix_nanos);
      if (condition(span)) fitting.insert(span.trace_id);
    }
    std::vector<TraceId> ids(fitting.begin(), fitting.end());
    std::stable_sort(ids.begin(), ids.end(),
                     [&](const auto& left, const auto& right) { return starts[left] < starts[right]; });
    return ids;
  }

  SpanListWithFields all_;
  std::vector<std::shared_ptr<const std::vector<SpanFields>>> kept_;  // what answers given point into
};

}  // namespace segue::server::testing
