// What the OpenTelemetry specification asks of a span's parts: values, exceptions, links, times, flags, scopes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "segue/trace/detail/fixed_attributes.h"
#include "trace_test_support.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::vector<ValueView> elements_of(const ValueView& array) {
  std::vector<ValueView> elements;
  EXPECT_TRUE(otlp::for_each_element(std::get<ArrayView>(array), [&](const ValueView& e) { elements.push_back(e); }));
  return elements;
}

std::vector<AttributeView> entries_of(const ValueView& map) {
  std::vector<AttributeView> entries;
  EXPECT_TRUE(otlp::for_each_entry(std::get<MapView>(map), [&](const AttributeView& e) { entries.push_back(e); }));
  return entries;
}

std::vector<std::string> texts_of(const ValueView* array) {
  std::vector<std::string> texts;
  if (array == nullptr) return texts;
  for (const ValueView& element : elements_of(*array)) texts.emplace_back(std::get<std::string_view>(element));
  return texts;
}

// Records one span by `fill` and gives what arrived.
template <class Fill>
SpanList record(Fill&& fill, const TracerProviderOptions& options = {}) {
  TracerProvider provider = make_provider(options);
  Span span = provider.tracer("t").start_span("s");
  fill(span);
  span.end();
  return drain(provider);
}

detail::FixedAttributes some_fixed_attributes() {
  detail::FixedAttributes fixed;
  fixed.add_text("workflow.name", "lead");
  fixed.add_list("workflow.nodes", {"analyze", "größe", std::string(200, 'x')});
  return fixed;
}

TEST(FixedAttributes, ArriveAsIfTheyHadBeenSetOneByOne) {
  const std::string_view nodes[] = {"analyze", "größe", "next"};
  detail::FixedAttributes fixed;
  fixed.add_text("workflow.name", "lead");
  fixed.add_list("workflow.nodes", {"analyze", "größe", "next"});
  const SpanList at_once = record([&](Span& span) { span.set("before", 1).set(fixed).set("after", 2); });
  const SpanList one_by_one = record([&](Span& span) {
    span.set("before", 1).set("workflow.name", "lead").set({"workflow.nodes", nodes}).set("after", 2);
  });
  const auto is_same = [](const AttributeView& a, const AttributeView& b) {
    return a.key == b.key && a.value == b.value;
  };
  EXPECT_TRUE(std::ranges::equal(at_once.spans.at(0).attributes, one_by_one.spans.at(0).attributes, is_same));
}

TEST(FixedAttributes, KeepToTheLimitsOfTheSpan) {
  const SpanList cut =
      record([](Span& span) { span.set(some_fixed_attributes()); }, {.limits = {.max_value_length = 4}});
  const AttributeViews& attributes = cut.spans.at(0).attributes;
  EXPECT_EQ(find_string(attributes, "workflow.name"), "lead");
  EXPECT_THAT(texts_of(find_attribute(attributes, "workflow.nodes")), ElementsAre("anal", "größ", "xxxx"));
  const SpanList flat =
      record([](Span& span) { span.set(some_fixed_attributes()); }, {.limits = {.max_value_depth = 0}});
  EXPECT_EQ(*find_attribute(flat.spans.at(0).attributes, "workflow.nodes"), ValueView());
  const SpanList few = record([](Span& span) { span.set(some_fixed_attributes()); }, {.limits = {.max_attributes = 1}});
  EXPECT_EQ(few.spans.at(0).attributes.size(), 1U);
  EXPECT_EQ(few.spans.at(0).dropped_attributes, 1U);
}

TEST(FixedAttributes, ReplaceWhatWasSetBefore) {
  const SpanList list = record([](Span& span) {
    span.set("workflow.name", "an older name").set(some_fixed_attributes()).set(some_fixed_attributes());
  });
  EXPECT_EQ(list.spans.at(0).attributes.size(), 2U);
  EXPECT_EQ(find_string(list.spans.at(0).attributes, "workflow.name"), "lead");
}

TEST(Values, MapsMixedArraysBytesAndNullArriveAsTheyWereGiven) {
  const SpanList list = record([](Span& span) {
    span.set({"null", nullptr}).set({"bytes", BytesView{std::string_view("\0\xff", 2)}});
    span.set({"mixed", AttributeValues{1, "two", 3.5, true, nullptr, AttributeValues{}}});
    span.set({"tool", Attributes{{"name", "lookup"}, {"arguments", Attributes{{"id", 7}}}}});
  });
  const AttributeViews& attributes = list.spans.at(0).attributes;
  EXPECT_EQ(*find_attribute(attributes, "null"), ValueView());
  EXPECT_EQ(std::get<BytesView>(*find_attribute(attributes, "bytes")).bytes, std::string_view("\0\xff", 2));
  EXPECT_THAT(elements_of(*find_attribute(attributes, "mixed")),
              ElementsAre(ValueView(std::int64_t{1}), ValueView(std::string_view("two")), ValueView(3.5),
                          ValueView(true), ValueView(), ValueView(ArrayView())));
  const auto tool = entries_of(*find_attribute(attributes, "tool"));
  ASSERT_EQ(tool.size(), 2U);
  EXPECT_EQ(tool[0].key, "name");
  EXPECT_EQ(tool[0].value, ValueView(std::string_view("lookup")));
  EXPECT_EQ(entries_of(tool[1].value).at(0).value, ValueView(std::int64_t{7}));
}

TEST(Values, TextIsCutWhereverItIsNested) {
  const SpanList list = record(
      [](Span& span) {
        span.set({"bytes", BytesView{"abcdef"}});
        span.set(
            {"deep", Attributes{{"a long key stays", AttributeValues{"h\xc3\xa9llo", Attributes{{"k", "12345"}}}}}});
      },
      {.limits = {.max_value_length = 3}});
  const AttributeViews& attributes = list.spans.at(0).attributes;
  EXPECT_EQ(std::get<BytesView>(*find_attribute(attributes, "bytes")).bytes, "abc");
  const auto deep = entries_of(*find_attribute(attributes, "deep"));
  EXPECT_EQ(deep.at(0).key, "a long key stays");
  const auto inner = elements_of(deep[0].value);
  EXPECT_EQ(inner.at(0), ValueView(std::string_view("h\xc3\xa9l")));
  EXPECT_EQ(entries_of(inner.at(1)).at(0).value, ValueView(std::string_view("123")));
}

// How many arrays lie inside one another in `value`.
int depth_of(const ValueView& value) {
  if (!std::holds_alternative<ArrayView>(value)) return 0;
  const auto elements = elements_of(value);
  return 1 + (elements.empty() ? 0 : depth_of(elements[0]));
}

TEST(Values, WhatIsNestedTooDeeplyBecomesNull) {
  std::vector<AttributeValue> levels = {"leaf"};
  levels.reserve(100);
  for (int i = 0; i < 70; ++i) levels.push_back(AttributeValues(std::span<const AttributeValue>(&levels.back(), 1)));
  const auto depth_of_nested = [&](int arrays, std::uint32_t limit) {
    const SpanList list = record([&](Span& span) { span.set({"k", levels[static_cast<std::size_t>(arrays)]}); },
                                 {.limits = {.max_value_depth = limit}});
    return depth_of(*find_attribute(list.spans.at(0).attributes, "k"));
  };
  EXPECT_EQ(depth_of_nested(64, 64), 64);
  EXPECT_EQ(depth_of_nested(65, 64), 64);
  EXPECT_EQ(depth_of_nested(3, 2), 2);
  EXPECT_EQ(depth_of_nested(1, 0), 0);
  EXPECT_FALSE(TracerProvider::create({.limits = {.max_value_depth = 65}}));
}

TEST(Values, OfAKeyThatAnEventRepeatsTheLastCounts) {
  const SpanList list = record([](Span& span) { span.add_event("e", {{"k", 1}, {"other", 2}, {"k", 3}}); });
  const EventView& event = list.spans.at(0).events.at(0);
  EXPECT_EQ(event.attributes.size(), 2U);
  EXPECT_EQ(*find_attribute(event.attributes, "k"), ValueView(std::int64_t{3}));
  EXPECT_EQ(event.dropped_attributes, 0U);
}

TEST(Exceptions, CarryTypeMessageAndTheChainOfCauses) {
  const SpanList list = record([](Span& span) {
    try {
      try {
        try {
          throw std::system_error(std::make_error_code(std::errc::connection_refused));
        } catch (...) {
          std::throw_with_nested(std::runtime_error("no connection"));
        }
      } catch (...) {
        std::throw_with_nested(std::logic_error("cannot qualify"));
      }
    } catch (const std::exception& exception) {
      span.record_exception(exception);
    }
  });
  const EventView& event = list.spans.at(0).events.at(0);
  EXPECT_EQ(event.name, "exception");
  EXPECT_THAT(find_string(event.attributes, "exception.type"), HasSubstr("std::logic_error"));
  EXPECT_EQ(find_string(event.attributes, "exception.message"), "cannot qualify");
  const auto causes = texts_of(find_attribute(event.attributes, "exception.causes"));
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_THAT(causes[0], HasSubstr("std::runtime_error"));
  EXPECT_THAT(causes[0], HasSubstr(": no connection"));
  EXPECT_THAT(causes[1], StartsWith("std::system_error: "));
  EXPECT_EQ(list.spans[0].status, StatusCode::Unset);
}

void throw_nested(int levels) {
  if (levels == 0) throw std::runtime_error("root");
  try {
    throw_nested(levels - 1);
  } catch (...) {
    std::throw_with_nested(std::runtime_error("level"));
  }
}

TEST(Exceptions, AnEndlessChainIsCut) {
  const SpanList list = record([](Span& span) {
    try {
      throw_nested(40);
    } catch (...) {
      span.record_exception(std::current_exception());
    }
  });
  EXPECT_EQ(texts_of(find_attribute(list.spans.at(0).events.at(0).attributes, "exception.causes")).size(), 16U);
}

TEST(Exceptions, WhatIsNoStandardExceptionIsRecordedToo) {
  struct Odd {};
  const SpanList list = record([](Span& span) {
    const auto record_thrown = [&span](auto thrown) {
      try {
        throw thrown;
      } catch (...) {
        span.record_exception(std::current_exception());
      }
    };
    record_thrown(std::string("text"));
    record_thrown("c text");
    record_thrown(42);
    record_thrown(Odd());
    span.record_exception(std::exception_ptr());
  });
  const auto& events = list.spans.at(0).events;
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(find_string(events[0].attributes, "exception.message"), "text");
  EXPECT_EQ(find_string(events[1].attributes, "exception.message"), "c text");
  EXPECT_EQ(find_string(events[1].attributes, "exception.type"), "char const*");
  EXPECT_EQ(find_string(events[2].attributes, "exception.type"), "int");
  EXPECT_EQ(find_string(events[2].attributes, "exception.message"), "");
  EXPECT_THAT(find_string(events[3].attributes, "exception.type"), HasSubstr("Odd"));
}

TEST(Exceptions, OneInFlightBecomesOneEventPerSpan) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  Span outer = tracer.start_span("outer");
  Span inner = tracer.start_span("inner");
  try {
    try {
      throw std::runtime_error("once");
    } catch (const std::exception& exception) {
      inner.record_exception(exception);
      inner.record_exception(exception);
      inner.record_exception(std::current_exception());
      outer.record_exception(exception);
      throw;
    }
  } catch (const std::exception& exception) {
    outer.record_exception(exception);
  }
  inner.end();
  outer.end();
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(0).events.size(), 1U);
  EXPECT_EQ(list.spans.at(1).events.size(), 1U);
}

TEST(Exceptions, EachTryThatFailsIsAnEventEvenWhereTheAddressIsUsedAgain) {
  const SpanList list = record([](Span& span) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      try {
        throw std::runtime_error("again");
      } catch (const std::exception& exception) {
        span.record_exception(exception);
        span.record_exception(std::logic_error("not thrown"));  // in one place on the stack each time
        span.record_exception(std::logic_error("not thrown"));
      }
    }
  });
  EXPECT_EQ(list.spans.at(0).events.size(), 9U);
}

TEST(Exceptions, TakeMoreAttributesWhichWin) {
  const SpanList list = record([](Span& span) {
    span.record_exception(std::runtime_error("secret"), {{"exception.message", "redacted"}, {"attempt", 2}});
  });
  const EventView& event = list.spans.at(0).events.at(0);
  EXPECT_EQ(event.attributes.size(), 3U);
  EXPECT_EQ(find_string(event.attributes, "exception.message"), "redacted");
  EXPECT_EQ(*find_attribute(event.attributes, "attempt"), ValueView(std::int64_t{2}));
}

TEST(Times, GivenOnesAreKeptAlsoWhereTheEndComesFirst) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("s", {.start_unix_nanos = 2'000});
  span.add_event("before", {}, 1'000);
  span.end(1'500);
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.start_unix_nanos, 2'000U);
  EXPECT_EQ(view.end_unix_nanos, 1'500U);
  EXPECT_EQ(view.duration_nanos(), 0U);
  EXPECT_EQ(view.events.at(0).time_unix_nanos, 1'000U);
}

TEST(Links, TellFlagsRemotenessAndStateAndIgnoreInvalidContexts) {
  SpanContext remote;
  remote.trace_id.bytes[0] = remote.span_id.bytes[0] = 1;
  remote.trace_flags = SpanContext::sampled_flag;
  remote.is_remote = true;
  remote.trace_state = TraceState("vendor=1");
  TracerProvider provider = make_provider({.limits = {.max_links = 2, .max_link_attributes = 1}});
  Span span = provider.tracer("t").start_span("s", {.links = {{remote, {{"a", 1}, {"b", 2}}}, {SpanContext()}}});
  remote.is_remote = false;
  remote.trace_flags = 0;
  span.add_link(remote);
  span.add_link(SpanContext());
  span.add_link(remote);  // one too many
  span.end();
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  ASSERT_EQ(view.links.size(), 2U);
  EXPECT_EQ(view.links[0].flags, 0x301U);
  EXPECT_EQ(view.links[0].trace_state, "vendor=1");
  EXPECT_EQ(view.links[0].attributes.size(), 1U);
  EXPECT_EQ(view.links[0].dropped_attributes, 1U);
  EXPECT_EQ(view.links[1].flags, 0x100U);
  EXPECT_EQ(view.dropped_links, 1U);
}

TEST(Scopes, AreToldApartByNameVersionSchemaAndAttributes) {
  TracerProvider provider = make_provider();
  const Attribute bots[] = {{"team", "bots"}};
  const ScopeOptions options = {.schema_url = "https://opentelemetry.io/schemas/1.44.0", .attributes = bots};
  provider.tracer("acme", "1", options).start_span("a").end();
  provider.tracer("acme", "1", options).start_span("b").end();
  provider.tracer("acme", "1").start_span("c").end();
  provider.tracer("acme", "1", {.attributes = {{"team", "crm"}}}).start_span("d").end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 4U);
  EXPECT_EQ(list.scopes.size(), 3U);
  EXPECT_EQ(list.spans[0].scope->schema_url, "https://opentelemetry.io/schemas/1.44.0");
  EXPECT_EQ(find_string(list.spans[0].scope->attributes, "team"), "bots");
  EXPECT_EQ(list.spans[0].scope, list.spans[1].scope);
  EXPECT_EQ(list.spans[2].scope->schema_url, "");
  EXPECT_EQ(find_string(list.spans[3].scope->attributes, "team"), "crm");
}

TEST(Ended, SpansTakeNothingMore) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("s");
  span.end(2'000'000'000);
  span.set("late", 1).set({"later", "x"});
  span.set_status(StatusCode::Error, "late");
  span.add_event("late");
  span.add_link(SpanContext());
  span.record_exception(std::runtime_error("late"));
  span.update_name("late");
  span.end(3'000'000'000);
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 1U);
  EXPECT_EQ(list.spans[0].name, "s");
  EXPECT_EQ(list.spans[0].end_unix_nanos, 2'000'000'000U);
  EXPECT_EQ(list.spans[0].status, StatusCode::Unset);
  EXPECT_TRUE(list.spans[0].attributes.empty());
  EXPECT_TRUE(list.spans[0].events.empty());
}

TEST(Tracer, IsEnabledUntilItsProviderIsClosed) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  EXPECT_TRUE(tracer.is_enabled());
  EXPECT_FALSE(Tracer().is_enabled());
  provider.close();
  EXPECT_FALSE(tracer.is_enabled());
  EXPECT_FALSE(provider.tracer("late").is_enabled());
}

}  // namespace
}  // namespace segue
