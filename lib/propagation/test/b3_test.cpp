// B3 in one header and in several, read by whichever of the two names and written by each in its own way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "segue/propagation/propagator.h"
#include "segue/propagation/traceparent.h"

namespace segue {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char* trace_id = "80f198ee56343ba864fe8b2a57d3eff7";
constexpr const char* span_id = "e457b5a2e4d86bd1";
constexpr std::uint8_t sampled = SpanContext::sampled_flag;
constexpr std::uint8_t debug = SpanContext::sampled_flag | SpanContext::debug_flag;

Propagator single() { return *Propagator::from_names("b3"); }
Propagator multi() { return *Propagator::from_names("b3multi"); }

struct Accepted {
  Headers headers;
  std::uint8_t flags;
  std::string trace = trace_id;
};

const Accepted accepted[] = {
    {{{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"}}, sampled},
    {{{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0"}}, 0},
    {{{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d"}}, debug},
    {{{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1"}}, 0},
    {{{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90"}}, sampled},
    {{{"B3", " 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1\t"}}, sampled},
    {{{"b3", "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1"}}, sampled, "000000000000000064fe8b2a57d3eff7"},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "1"}}, sampled},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "0"}}, 0},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "true"}}, sampled},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "false"}}, 0},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}}, 0},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Flags", "1"}}, debug},
    // Debug says more than a decision, whatever the decision is.
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "0"}, {"X-B3-Flags", "1"}}, debug},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "1"}, {"X-B3-Flags", "0"}}, sampled},
    {{{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-ParentSpanId", "05e3ac9a4f6e3b90"}}, 0},
    {{{"X-B3-TraceId", "64fe8b2a57d3eff7"}, {"X-B3-SpanId", span_id}}, 0, "000000000000000064fe8b2a57d3eff7"},
    // The single header goes first, and the others stand in for one that cannot be read.
    {{{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"},
      {"X-B3-TraceId", "11111111111111111111111111111111"},
      {"X-B3-SpanId", span_id}},
     sampled},
    {{{"b3", "rubbish"}, {"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "1"}}, sampled},
};

const Headers refused[] = {
    {},
    {{"b3", ""}},
    {{"b3", "-"}},
    {{"b3", "---"}},
    {{"b3", "1"}},  // "record it" without ids: whoever starts the trace decides
    {{"b3", "d"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3eff7"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-2"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-true"}},
    {{"b3", "80F198EE56343BA864FE8B2A57D3EFF7-e457b5a2e4d86bd1-1"}},
    {{"b3", "00000000000000000000000000000000-e457b5a2e4d86bd1-1"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3ef-e457b5a2e4d86bd1-1"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86b-1"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3efg7-e457b5a2e4d86bd1-1"}},
    {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"},
     {"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0"}},
    {{"X-B3-TraceId", trace_id}},
    {{"X-B3-SpanId", span_id}, {"X-B3-Sampled", "1"}},
    {{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", "e457"}},
    {{"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}, {"X-B3-Sampled", "yes"}},
    {{"X-B3-TraceId", trace_id}, {"X-B3-TraceId", trace_id}, {"X-B3-SpanId", span_id}},
    {{"X-B3-Sampled", "1"}},
};

TEST(B3, BothNamesReadBothEncodings) {
  for (const Propagator& propagator : {single(), multi()}) {
    for (const Accepted& row : accepted) {
      const SpanContext span = propagator.extract(HeaderReader(row.headers)).span;
      const std::string& first = row.headers.front().second;
      EXPECT_EQ(span.trace_id.to_hex(), row.trace) << first;
      EXPECT_EQ(span.span_id.to_hex(), span_id) << first;
      EXPECT_EQ(span.trace_flags, row.flags) << first;
      EXPECT_TRUE(span.is_remote) << first;
    }
  }
}

TEST(B3, WhatCannotBeReadIsAbsent) {
  for (const Headers& headers : refused) {
    EXPECT_FALSE(single().extract(HeaderReader(headers)).span.is_valid())
        << (headers.empty() ? "" : headers.front().second);
  }
}

TEST(B3, IsWrittenInOneHeader) {
  Context context{.span = *parse_traceparent("00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-03"), .baggage = {}};
  std::map<std::string, std::string> carrier;
  single().inject(context, MapWriter(carrier));
  EXPECT_THAT(carrier, ElementsAre(Pair("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")));
  context.span.trace_flags = 0;
  single().inject(context, MapWriter(carrier));
  EXPECT_THAT(carrier, ElementsAre(Pair("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0")));
}

TEST(B3, IsWrittenInSeveralHeadersWithoutAParent) {
  const Context context{.span = *parse_traceparent("00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01"),
                        .baggage = {}};
  std::map<std::string, std::string> carrier;
  multi().inject(context, MapWriter(carrier));
  EXPECT_THAT(carrier,
              ElementsAre(Pair("x-b3-sampled", "1"), Pair("x-b3-spanid", span_id), Pair("x-b3-traceid", trace_id)));
}

TEST(B3, NothingIsWrittenWithoutATrace) {
  std::map<std::string, std::string> carrier;
  single().inject(Context(), MapWriter(carrier));
  multi().inject(Context(), MapWriter(carrier));
  EXPECT_TRUE(carrier.empty());
}

TEST(B3, DebugIsPassedOnInB3Alone) {
  const Headers received = {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d"}};
  const Context context = single().extract(HeaderReader(received));
  EXPECT_TRUE(context.span.is_sampled());
  std::map<std::string, std::string> carrier;
  Propagator::from_names("b3,b3multi,tracecontext")->inject(context, MapWriter(carrier));
  EXPECT_THAT(carrier,
              ElementsAre(Pair("b3", received[0].second),
                          Pair("traceparent", "00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01"),
                          Pair("x-b3-flags", "1"), Pair("x-b3-spanid", span_id), Pair("x-b3-traceid", trace_id)));
}

TEST(B3, ATraceThatWasDroppedHereIsNotPassedOnAsDebug) {
  Context context = single().extract(HeaderReader(Headers{{"b3", std::string(trace_id) + "-" + span_id + "-d"}}));
  context.span.trace_flags &= static_cast<std::uint8_t>(~SpanContext::sampled_flag);
  std::map<std::string, std::string> carrier;
  single().inject(context, MapWriter(carrier));
  EXPECT_THAT(carrier, ElementsAre(Pair("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0")));
}

TEST(B3, ADenialWithoutIdsReachesEveryServiceBehind) {
  for (const Headers& headers : {Headers{{"b3", "0"}}, Headers{{"X-B3-Sampled", "0"}}}) {
    const Context context = single().extract(HeaderReader(headers));
    EXPECT_TRUE(context.span.is_valid());
    EXPECT_FALSE(context.span.is_sampled());
    EXPECT_NE(context.span.trace_id, single().extract(HeaderReader(headers)).span.trace_id);
    std::map<std::string, std::string> carrier;
    single().inject(context, MapWriter(carrier));
    EXPECT_TRUE(carrier.at("b3").ends_with("-0"));
  }
}

TEST(B3, ADenialWithoutIdsDoesNotReplaceATraceThatIsKnown) {
  const Headers headers = {{"traceparent", "00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01"}, {"b3", "0"}};
  const Context context = Propagator::from_names("tracecontext,b3")->extract(HeaderReader(headers));
  EXPECT_EQ(context.span.trace_id.to_hex(), trace_id);
}

TEST(B3, OfSeveralFormatsTheLastThatFindsATraceWins) {
  const Headers headers = {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
                           {"tracestate", "a=1"},
                           {"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0"}};
  const SpanContext zipkin = Propagator::from_names("tracecontext,b3")->extract(HeaderReader(headers)).span;
  EXPECT_EQ(zipkin.trace_id.to_hex(), trace_id);
  EXPECT_TRUE(zipkin.trace_state.is_empty());
  const SpanContext w3c = Propagator::from_names("b3,tracecontext")->extract(HeaderReader(headers)).span;
  EXPECT_EQ(w3c.trace_id.to_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(w3c.trace_state.header(), "a=1");
}

}  // namespace
}  // namespace segue
