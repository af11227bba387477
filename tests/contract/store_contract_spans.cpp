// What is appended comes back: every field, once, whole traces, across commits, restarts and threads.
#include <gmock/gmock.h>

#include <atomic>
#include <bit>
#include <limits>
#include <thread>

#include "store_contract.h"

namespace segue::server::contract {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;

void expect_same(const AttributeViews& one, const AttributeViews& other) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].key, other[i].key);
    ASSERT_EQ(one[i].value.index(), other[i].value.index()) << one[i].key;
    if (const double* number = std::get_if<double>(&one[i].value)) {  // bit for bit, since NaN equals nothing
      EXPECT_EQ(std::bit_cast<std::uint64_t>(*number), std::bit_cast<std::uint64_t>(std::get<double>(other[i].value)));
    } else {
      EXPECT_TRUE(one[i].value == other[i].value) << one[i].key;
    }
  }
}

void expect_same(const SpanView& one, const SpanView& other) {
  EXPECT_EQ(one.trace_id, other.trace_id);
  EXPECT_EQ(one.span_id, other.span_id);
  EXPECT_EQ(one.parent_span_id, other.parent_span_id);
  EXPECT_EQ(one.flags, other.flags);
  EXPECT_EQ(one.trace_state, other.trace_state);
  EXPECT_EQ(one.name, other.name);
  EXPECT_EQ(one.kind, other.kind);
  EXPECT_EQ(one.start_unix_nanos, other.start_unix_nanos);
  EXPECT_EQ(one.end_unix_nanos, other.end_unix_nanos);
  EXPECT_EQ(one.dropped_attributes, other.dropped_attributes);
  EXPECT_EQ(one.dropped_events, other.dropped_events);
  EXPECT_EQ(one.dropped_links, other.dropped_links);
  EXPECT_EQ(one.status, other.status);
  EXPECT_EQ(one.status_message, other.status_message);
  expect_same(one.attributes, other.attributes);
  ASSERT_EQ(one.events.size(), other.events.size());
  for (std::size_t i = 0; i < one.events.size(); ++i) {
    EXPECT_EQ(one.events[i].time_unix_nanos, other.events[i].time_unix_nanos);
    EXPECT_EQ(one.events[i].name, other.events[i].name);
    EXPECT_EQ(one.events[i].dropped_attributes, other.events[i].dropped_attributes);
    expect_same(one.events[i].attributes, other.events[i].attributes);
  }
  ASSERT_EQ(one.links.size(), other.links.size());
  for (std::size_t i = 0; i < one.links.size(); ++i) {
    EXPECT_EQ(one.links[i].trace_id, other.links[i].trace_id);
    EXPECT_EQ(one.links[i].span_id, other.links[i].span_id);
    EXPECT_EQ(one.links[i].trace_state, other.links[i].trace_state);
    EXPECT_EQ(one.links[i].flags, other.links[i].flags);
    EXPECT_EQ(one.links[i].dropped_attributes, other.links[i].dropped_attributes);
    expect_same(one.links[i].attributes, other.links[i].attributes);
  }
  expect_same(one.resource->attributes, other.resource->attributes);
  EXPECT_EQ(one.resource->dropped_attributes, other.resource->dropped_attributes);
  EXPECT_EQ(one.resource->schema_url, other.resource->schema_url);
  EXPECT_EQ(one.scope->name, other.scope->name);
  EXPECT_EQ(one.scope->version, other.scope->version);
  EXPECT_EQ(one.scope->schema_url, other.scope->schema_url);
  EXPECT_EQ(one.scope->dropped_attributes, other.scope->dropped_attributes);
  expect_same(one.scope->attributes, other.scope->attributes);
}

AttributeViews every_kind_of_value() {
  return {{"empty", std::monostate()},
          {"true", true},
          {"false", false},
          {"int", std::int64_t{-7}},
          {"smallest int", std::numeric_limits<std::int64_t>::min()},
          {"double", 0.1},
          {"not a number", std::bit_cast<double>(0x7ff8000000000123U)},
          {"minus zero", -0.0},
          {"string", "grüße \0 with a zero"sv},
          {"empty string", ""sv},
          {"bytes", BytesView{"\x00\xff\x80"sv}},
          {"array", ArrayView{"\x0a\x03\x0a\x01x"sv}},
          {"map", MapView{"\x0a\x07\x0a\x01k\x12\x02\x10\x01"sv}},
          {"string", "a key twice"sv}};
}

void fill_every_field(SpanMaker& maker) {
  auto resource = std::make_unique<ResourceView>();
  resource->attributes = every_kind_of_value();
  resource->dropped_attributes = 3;
  resource->schema_url = "https://schema/resource";
  auto scope = std::make_unique<ScopeView>();
  scope->name = "scope";
  scope->version = "1.2";
  scope->schema_url = "https://schema/scope";
  scope->dropped_attributes = 4;
  scope->attributes = every_kind_of_value();
  maker.list().resources.push_back(std::move(resource));
  maker.list().scopes.push_back(std::move(scope));
  SpanView& span = maker.span(1, 2, "everything", 5'000'000'000);
  span.parent_span_id = span_id(1);
  span.flags = 0x301;
  span.trace_state = "vendor=1,other=2";
  span.kind = SpanKind::Consumer;
  span.attributes = every_kind_of_value();
  span.dropped_attributes = 1;
  span.dropped_events = 2;
  span.dropped_links = UINT32_MAX;
  span.status = StatusCode::Error;
  span.status_message = "went wrong";
  span.events.resize(2);
  span.events[0] = {span.start_unix_nanos - 1, "before the start", every_kind_of_value(), 9};
  span.events[1] = {UINT64_MAX, "at the end of time", {}, 0};
  span.links.resize(2);
  span.links[0] = {trace_id(9), span_id(9), "link=state", every_kind_of_value(), 5, 0x101};
}

TEST_P(StoreContract, EveryFieldComesBackAsItWas) {
  SpanMaker maker;
  fill_every_field(maker);
  SpanView& odd = maker.span(1, 3, "", UINT64_MAX);  // times at the edge, and an end before the start
  odd.end_unix_nanos = 6'000'000'000;
  odd.kind = SpanKind::Unspecified;
  EXPECT_EQ(append(maker), 2U);
  reopen();
  const auto read = store().trace(trace_id(1));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->spans.size(), 2U);
  expect_same(maker.list().spans[0], read->spans[0]);
  expect_same(maker.list().spans[1], read->spans[1]);
}

TEST_P(StoreContract, ResultsOutliveTheStore) {
  SpanMaker maker;
  maker.node(1, 1, "lead_bot", "greet", "contact_1", 1000);
  append(maker);
  const auto read = store().trace(trace_id(1));
  ASSERT_TRUE(read);
  reopen();
  expect_same(maker.list().spans[0], read->spans[0]);
}

TEST_P(StoreContract, AnUnknownTraceIsNotFound) {
  EXPECT_EQ(store().trace(trace_id(1)).error().code, Errc::NotFound);
  EXPECT_EQ(store().trace_summary(trace_id(1)).error().code, Errc::NotFound);
}

TEST_P(StoreContract, AnEmptyAppendSucceeds) {
  const auto receipt = store().append(SpanList());
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->stored + receipt->duplicates, 0U);
}

TEST_P(StoreContract, ASpanWithoutAnIdRefusesTheWholeAppend) {
  SpanMaker maker;
  maker.span(1, 1, "good", 1000);
  maker.span(2, 1, "bad", 1000).span_id = SpanId{};
  EXPECT_EQ(store().append(maker.list()).error().code, Errc::InvalidArgument);
  EXPECT_EQ(store().trace(trace_id(1)).error().code, Errc::NotFound);
}

TEST_P(StoreContract, ASpanSentAgainCountsOnce) {
  SpanMaker maker;
  maker.node(1, 1, "lead_bot", "greet", "contact_1", 1000);
  maker.node(1, 2, "lead_bot", "qualify", "contact_1", 2000);
  EXPECT_EQ(append(maker), 2U);
  EXPECT_EQ(append(maker), 0U);
  reopen();
  EXPECT_EQ(append(maker), 0U);
  SpanMaker partly;
  partly.node(1, 2, "lead_bot", "qualify", "contact_1", 2000);
  partly.node(1, 3, "lead_bot", "close", "contact_1", 3000);
  EXPECT_EQ(append(partly), 1U);
  EXPECT_EQ(store().trace(trace_id(1))->spans.size(), 3U);
  EXPECT_EQ(store().journey("contact_1")->spans, 3U);
  EXPECT_EQ(store().stats().duplicate_spans, 3U);
}

TEST_P(StoreContract, ASpanTwiceInOneAppendCountsOnce) {
  SpanMaker maker;
  maker.span(1, 1, "work", 1000);
  maker.span(1, 1, "work", 1000);
  EXPECT_EQ(append(maker), 1U);
  EXPECT_EQ(store().trace(trace_id(1))->spans.size(), 1U);
}

TEST_P(StoreContract, ARepeatedSpanIdWithOtherTimesOrNameIsAnotherSpan) {
  SpanMaker maker;
  maker.span(1, 1, "work", 1000);
  maker.span(1, 1, "work", 2000);
  maker.span(1, 1, "other work", 1000);
  EXPECT_EQ(append(maker), 3U);
  EXPECT_EQ(store().trace(trace_id(1))->spans.size(), 3U);
}

TEST_P(StoreContract, ATraceIsPutTogetherFromManyAppendsInOrderOfStart) {
  for (const std::uint64_t span : {3U, 1U, 2U}) {
    SpanMaker maker;
    maker.span(1, span, "work", span * 1000).parent_span_id = span == 1 ? SpanId{} : span_id(1);
    append(maker);
    reopen();
  }
  const auto read = store().trace(trace_id(1));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->spans.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(read->spans[i].span_id, span_id(i + 1));
  const auto summary = store().trace_summary(trace_id(1));
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->spans, 3U);
  EXPECT_EQ(summary->start_unix_nanos, 1000U);
  EXPECT_EQ(summary->end_unix_nanos, 3100U);
}

TEST_P(StoreContract, TheRootIsTheEarliestSpanWithoutAParentWheneverItArrives) {
  SpanMaker child;
  child.span(1, 2, "child", 1000).parent_span_id = span_id(1);
  append(child);
  EXPECT_EQ(store().trace_summary(trace_id(1))->root_name, "child");
  SpanMaker root("gateway");
  root.span(1, 1, "root", 1500);
  append(root);
  const auto summary = store().trace_summary(trace_id(1));
  EXPECT_EQ(summary->root_name, "root");
  EXPECT_EQ(summary->root_service, "gateway");
  EXPECT_EQ(summary->start_unix_nanos, 1000U);
}

TEST_P(StoreContract, ALargeTraceComesBackWhole) {
  constexpr std::uint64_t span_count = 10'008;
  SpanMaker maker;
  for (std::uint64_t i = 1; i <= span_count; ++i) maker.span(1, i, "work " + std::to_string(i % 50), i * 10);
  EXPECT_EQ(append(maker), span_count);
  const auto read = store().trace(trace_id(1));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->spans.size(), span_count);
  for (std::uint64_t i = 1; i <= span_count; ++i) ASSERT_EQ(read->spans[i - 1].span_id, span_id(i));
  EXPECT_EQ(store().trace_summary(trace_id(1))->spans, span_count);
}

TEST_P(StoreContract, ManyDifferentNamesAreAllKept) {
  constexpr std::uint64_t span_count = 2'000;
  SpanMaker maker;
  for (std::uint64_t i = 1; i <= span_count; ++i) {
    SpanView& span = maker.span(i, i, std::string(300, 'x') + std::to_string(i), 1'000'000 * i);
    maker.set(span, std::string(300, 'k') + std::to_string(i), "value");
  }
  EXPECT_EQ(append(maker), span_count);
  for (const std::uint64_t i : {std::uint64_t{1}, span_count}) {
    const auto read = store().trace(trace_id(i));
    ASSERT_TRUE(read);
    expect_same(maker.list().spans[i - 1], read->spans[0]);
    EXPECT_THAT(numbers_of(all_traces({.name = std::string(300, 'x') + std::to_string(i)})), ElementsAre(i));
  }
}

TEST_P(StoreContract, ManyThreadsAppendAtOnceAndEverythingIsReadable) {
  constexpr std::uint64_t thread_count = 16, appends_per_thread = 12;
  std::atomic<std::uint64_t> stored{0};
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 1; thread <= thread_count; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 1; i <= appends_per_thread; ++i) {
        SpanMaker maker;
        maker.node(thread, i, "lead_bot", "greet", "contact_of_all", 1000 * i);  // one trace per thread
        maker.span(1000, thread * 1000 + i, "shared", 1000 * i);                 // one trace of all
        const auto receipt = store().append(maker.list());
        if (receipt) stored += receipt->stored;
        if (!store().trace(trace_id(thread))) ADD_FAILURE() << "an acknowledged trace cannot be read";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(stored.load(), 2 * thread_count * appends_per_thread);
  for (std::uint64_t thread = 1; thread <= thread_count; ++thread) {
    EXPECT_EQ(store().trace(trace_id(thread))->spans.size(), appends_per_thread);
  }
  EXPECT_EQ(store().trace(trace_id(1000))->spans.size(), thread_count * appends_per_thread);
  const auto journey = store().journey("contact_of_all");
  ASSERT_TRUE(journey);
  EXPECT_EQ(journey->traces, thread_count);
  EXPECT_EQ(journey->spans, thread_count * appends_per_thread);
}

}  // namespace
}  // namespace segue::server::contract
