#include "metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "segue/server/testing/fake_store.h"

namespace segue::server {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

MetricSources all_sources() {
  IngestStats ingest;
  ingest.received_spans = 12;
  ingest.rejected_spans[index_of(RejectReason::InvalidId)] = 3;
  ingest.rejected_requests[index_of(RejectReason::Overloaded)] = 4;
  HttpServerStats http;
  http.overload_refusals = 5;
  return {.ingest = [=] { return ingest; },
          .otlp_http = [=] { return http; },
          .api_http = [] { return HttpServerStats{}; }};
}

TEST(Metrics, CountEveryLossByReason) {
  testing::FakeStore store;
  store.statistics.failed_appends = 6;
  const std::string page = render_metrics(store, all_sources(), 1'500'000'000);
  EXPECT_THAT(page, HasSubstr("segue_ingest_rejected_spans_total{reason=\"invalid_id\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("segue_ingest_rejected_requests_total{reason=\"overloaded\"} 4\n"));
  EXPECT_THAT(page, HasSubstr("segue_http_overload_refusals_total{port=\"otlp\"} 5\n"));
  EXPECT_THAT(page, HasSubstr("segue_store_failed_appends_total 6\n"));
  EXPECT_THAT(page, HasSubstr("process_start_time_seconds 1.500\n"));
  for (const RejectReason reason : reject_reasons) {
    const std::string sample = "segue_ingest_rejected_spans_total{reason=\"" + std::string(to_string(reason)) + "\"} ";
    EXPECT_THAT(page, HasSubstr(sample)) << "also what never happened";
  }
}

TEST(Metrics, FollowTheTextFormat) {
  testing::FakeStore store;
  std::istringstream page(render_metrics(store, all_sources(), 0));
  std::set<std::string> families;
  std::string line, family;
  while (std::getline(page, line)) {
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(families.insert(family).second) << "a family is written in one piece: " << line;
    } else if (line.starts_with("# TYPE ")) {
      EXPECT_TRUE(line == "# TYPE " + family + " counter" || line == "# TYPE " + family + " gauge") << line;
      EXPECT_EQ(line.ends_with(" counter"), family.ends_with("_total")) << line;
    } else {
      EXPECT_THAT(line, MatchesRegex(family + R"((\{[a-z]+="[a-z0-9_.]+"\})? [0-9.]+)"));
    }
  }
  EXPECT_GT(families.size(), 20U);
}

TEST(Metrics, LeaveOutWhatNobodyCounts) {
  testing::FakeStore store;
  const std::string page = render_metrics(store, {}, 0);
  EXPECT_THAT(page, Not(HasSubstr("segue_ingest_")));
  EXPECT_THAT(page, Not(HasSubstr("segue_http_")));
  EXPECT_THAT(page, HasSubstr("segue_store_commits_total 0\n"));
}

}  // namespace
}  // namespace segue::server
