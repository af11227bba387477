#include "segue/propagation/propagator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "segue/propagation/traceparent.h"
#include "segue/propagation/tracestate.h"

namespace segue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char* traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Context full_context() {
  Context context{.span = *parse_traceparent(traceparent), .baggage = *Baggage().with("bot", "lead_bot")};
  context.span.trace_state = *parse_trace_state("rojo=1,congo=2");
  return context;
}

TEST(Propagator, ContextSurvivesEveryKindOfCarrier) {
  const Propagator propagator;
  const auto expect_same = [](const Context& context) {
    EXPECT_EQ(context.span.trace_id, full_context().span.trace_id);
    EXPECT_EQ(context.span.span_id, full_context().span.span_id);
    EXPECT_EQ(context.span.trace_flags, 1);
    EXPECT_TRUE(context.span.is_remote);
    EXPECT_EQ(context.span.trace_state.header(), "rojo=1,congo=2");
    EXPECT_EQ(context.baggage.get("bot"), "lead_bot");
  };

  std::map<std::string, std::string> ordered;
  propagator.inject(full_context(), MapWriter(ordered));
  expect_same(propagator.extract(MapReader(ordered)));

  std::unordered_map<std::string, std::string> unordered;
  propagator.inject(full_context(), MapWriter(unordered));
  expect_same(propagator.extract(MapReader(unordered)));

  Headers list;
  propagator.inject(full_context(), HeaderWriter(list));
  expect_same(propagator.extract(HeaderReader(list)));

  propagator.inject(full_context(), StoreWriter([&](std::string_view key, std::string_view value) {
                      unordered[std::string(key)] = value;
                    }));
  expect_same(propagator.extract(LookupReader(
      [&](std::string_view key) -> std::optional<std::string_view> { return unordered.at(std::string(key)); })));
}

TEST(Propagator, WritesOnlyWhatThereIs) {
  std::map<std::string, std::string> carrier;
  const Propagator propagator;
  propagator.inject(Context(), MapWriter(carrier));
  EXPECT_THAT(carrier, IsEmpty());
  propagator.inject({.span = *parse_traceparent(traceparent), .baggage = {}}, MapWriter(carrier));
  EXPECT_THAT(carrier, ElementsAre(Pair("traceparent", traceparent)));
  carrier.clear();
  propagator.inject({.span = {}, .baggage = *Baggage().with("bot", "lead_bot")}, MapWriter(carrier));
  EXPECT_THAT(carrier, ElementsAre(Pair("baggage", "bot=lead_bot")));
}

TEST(Propagator, HeaderNamesMatchInAnyCaseAndAreReplacedInAnyCase) {
  Headers headers = {
      {"TraceParent", traceparent}, {"TRACESTATE", "a=1"}, {"Host", "x"}, {"traceState", "b=2"}, {"BagGage", "k=v"}};
  const Propagator propagator;
  const Context context = propagator.extract(HeaderReader(headers));
  EXPECT_TRUE(context.span.is_valid());
  EXPECT_EQ(context.span.trace_state.header(), "a=1,b=2");
  EXPECT_EQ(context.baggage.get("k"), "v");
  propagator.inject(full_context(), HeaderWriter(headers));
  EXPECT_THAT(headers, ElementsAre(Pair("Host", "x"), Pair("traceparent", traceparent),
                                   Pair("tracestate", "rojo=1,congo=2"), Pair("baggage", "bot=lead_bot")));
}

TEST(Propagator, ABadTraceparentHidesTheTracestateButNotTheBaggage) {
  const Headers headers = {{"traceparent", "00-bad"}, {"tracestate", "a=1"}, {"baggage", "k=v"}};
  const Context context = Propagator().extract(HeaderReader(headers));
  EXPECT_FALSE(context.span.is_valid());
  EXPECT_TRUE(context.span.trace_state.is_empty());
  EXPECT_EQ(context.baggage.get("k"), "v");
}

TEST(Propagator, ATracestateWithoutATraceparentIsIgnored) {
  const Headers headers = {{"tracestate", "a=1"}};
  EXPECT_TRUE(Propagator().extract(HeaderReader(headers)).span.trace_state.is_empty());
}

TEST(Propagator, ABadTracestateDoesNotHarmTheTraceparent) {
  const Headers headers = {{"traceparent", traceparent}, {"tracestate", "a=1,BAD"}};
  const Context context = Propagator().extract(HeaderReader(headers));
  EXPECT_TRUE(context.span.is_valid());
  EXPECT_TRUE(context.span.trace_state.is_empty());
}

TEST(Propagator, TwoTraceparentsAreNone) {
  const Headers headers = {{"traceparent", traceparent}, {"traceparent", traceparent}};
  EXPECT_FALSE(Propagator().extract(HeaderReader(headers)).span.is_valid());
}

TEST(Propagator, ManyFieldsOfOneNameAreCombinedUpToTheLimit) {
  Headers headers = {{"traceparent", traceparent}};
  for (int i = 0; i < 32; ++i) headers.emplace_back("tracestate", "k" + std::to_string(i) + "=1");
  for (int i = 0; i < 70; ++i) headers.emplace_back("baggage", "k" + std::to_string(i) + "=1");
  const Context context = Propagator().extract(HeaderReader(headers));
  EXPECT_EQ(trace_state_value(context.span.trace_state, "k31"), "1");
  EXPECT_EQ(context.baggage.members().size(), Baggage::max_members);
  headers.emplace_back("tracestate", "one_more=1");
  EXPECT_TRUE(Propagator().extract(HeaderReader(headers)).span.trace_state.is_empty());
}

TEST(Propagator, IsConfiguredByNames) {
  std::map<std::string, std::string> carrier;
  Propagator::from_names("baggage")->inject(full_context(), MapWriter(carrier));
  EXPECT_THAT(carrier, ElementsAre(Pair("baggage", "bot=lead_bot")));
  EXPECT_THAT(Propagator::from_names(" baggage , tracecontext,baggage")->fields(),
              ElementsAre("baggage", "traceparent", "tracestate"));
  EXPECT_THAT(Propagator::from_names("none")->fields(), IsEmpty());
  EXPECT_THAT(Propagator::from_names("b3,b3multi,b3")->fields(),
              ElementsAre("b3", "x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"));
  EXPECT_THAT(Propagator::from_names("")->fields(), UnorderedElementsAre("traceparent", "tracestate", "baggage"));
  const Result<Propagator> unknown = Propagator::from_names("tracecontext,smoke_signals");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::InvalidArgument);
  EXPECT_EQ(unknown.error().message,
            "propagators: \"smoke_signals\" is not known; known are tracecontext, baggage, b3, b3multi, none");
  const Result<Propagator> contradiction = Propagator::from_names("tracecontext,none");
  ASSERT_FALSE(contradiction);
  EXPECT_EQ(contradiction.error().message, "propagators: \"none\" goes with no other name");
}

TEST(Propagator, ACarrierThatThrowsIsNoDisaster) {
  const Propagator propagator;
  propagator.inject(full_context(),
                    StoreWriter([](std::string_view, std::string_view) { throw std::runtime_error("full"); }));
  const Context context = propagator.extract(LookupReader([](std::string_view key) -> std::optional<std::string_view> {
    if (key == "tracestate") throw std::runtime_error("gone");
    return std::string_view(traceparent);
  }));
  EXPECT_TRUE(context.span.is_valid());  // it was read before the carrier threw
  EXPECT_TRUE(context.span.trace_state.is_empty());
}

}  // namespace
}  // namespace segue
