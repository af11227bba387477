#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "trace_test_support.h"

namespace segue {
namespace {

using testing::HasSubstr;

TEST(Span, CarriesEveryFieldToTheWire) {
  TracerProvider provider = make_provider({.resource = {{"service.name", "bots"}}});
  const Tracer tracer = provider.tracer("acme.bots", "1.4.0");
  const std::vector<std::string_view> phrases = {"budget", "pre-approved"};
  Span span = tracer.start_span("qualify", {.kind = SpanKind::Server, .attributes = {{"at.start", true}}});
  const SpanContext context = span.context();
  span.set("text", "hello").set("int", -42).set("double", 2.5).set("yes", true);
  span.set({"phrases", phrases});
  span.add_event("intent_analyzed", {{"score", 0.93}}, 1'700'000'000'000'000'000);
  Span other = tracer.start_span("other");
  const SpanContext linked = other.context();
  span.add_link(linked, {{"workflow.link.type", "handoff"}});
  span.set_status(StatusCode::Error, "no budget");
  span.end();
  other.end();

  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 2U);
  const SpanView& view = list.spans[0];
  EXPECT_EQ(view.trace_id, context.trace_id);
  EXPECT_EQ(view.span_id, context.span_id);
  EXPECT_FALSE(view.parent_span_id.is_valid());
  EXPECT_EQ(view.name, "qualify");
  EXPECT_EQ(view.kind, SpanKind::Server);
  EXPECT_EQ(view.flags, 0x103U);  // sampled, random trace id, remoteness known
  EXPECT_EQ(value_of<bool>(view, "at.start"), true);
  EXPECT_EQ(value_of<std::string_view>(view, "text"), "hello");
  EXPECT_EQ(value_of<std::int64_t>(view, "int"), -42);
  EXPECT_EQ(value_of<double>(view, "double"), 2.5);
  EXPECT_EQ(value_of<bool>(view, "yes"), true);
  std::vector<std::string_view> read;
  EXPECT_TRUE(otlp::for_each_element(value_of<ArrayView>(view, "phrases"), [&](const ValueView& element) {
    read.push_back(std::get<std::string_view>(element));
  }));
  EXPECT_EQ(read, phrases);
  ASSERT_EQ(view.events.size(), 1U);
  EXPECT_EQ(view.events[0].name, "intent_analyzed");
  EXPECT_EQ(view.events[0].time_unix_nanos, 1'700'000'000'000'000'000U);
  EXPECT_EQ(std::get<double>(view.events[0].attributes.at(0).value), 0.93);
  ASSERT_EQ(view.links.size(), 1U);
  EXPECT_EQ(view.links[0].span_id, linked.span_id);
  EXPECT_EQ(find_string(view.links[0].attributes, "workflow.link.type"), "handoff");
  EXPECT_EQ(view.status, StatusCode::Error);
  EXPECT_EQ(view.status_message, "no budget");
  EXPECT_EQ(view.resource->service(), "bots");
  EXPECT_EQ(view.scope->name, "acme.bots");
  EXPECT_EQ(view.scope->version, "1.4.0");
  EXPECT_GE(view.end_unix_nanos, view.start_unix_nanos);
}

TEST(Span, AKeySetTwiceKeepsItsLastValueWhateverItsSize) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("first name");
  span.set("step", "a").set("other", 1).set("step", "a much longer value than before").set("last", 2);
  span.set("step", "bb").set("other", "now text");
  span.update_name("a name that is longer than the first one");
  span.set("step", "cc");
  span.end();
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.name, "a name that is longer than the first one");
  EXPECT_EQ(view.attributes.size(), 3U);
  EXPECT_EQ(value_of<std::string_view>(view, "step"), "cc");
  EXPECT_EQ(value_of<std::string_view>(view, "other"), "now text");
  EXPECT_EQ(value_of<std::int64_t>(view, "last"), 2);
}

TEST(Span, KeysThatLookAlikeStayApart) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("s");
  // Same length, same first and last eight bytes.
  span.set("workflow.aaaa.duration", 1).set("workflow.bbbb.duration", 2).set("a", 3).set("b", 4).set("ab", 5);
  span.end();
  const SpanList list = drain(provider);
  EXPECT_EQ(value_of<std::int64_t>(list.spans.at(0), "workflow.aaaa.duration"), 1);
  EXPECT_EQ(value_of<std::int64_t>(list.spans.at(0), "workflow.bbbb.duration"), 2);
  EXPECT_EQ(list.spans.at(0).attributes.size(), 5U);
}

TEST(Span, HundredsOfKeysEachKeepTheirLastValue) {
  TracerProvider provider = make_provider({.limits = {.max_attributes = 300}});
  Span span = provider.tracer("t").start_span("s");
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 300; ++i) span.set("key." + std::to_string(i), i * round * 1000);
  }
  span.set("one.too.many", 1);
  span.end();
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.attributes.size(), 300U);
  EXPECT_EQ(view.dropped_attributes, 1U);
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(value_of<std::int64_t>(view, "key." + std::to_string(i)), i * 2000);
  }
}

TEST(Span, KeysAndValuesOfAnyLengthArriveWhole) {
  TracerProvider provider = make_provider({.limits = {.max_attributes = 1000}});
  Span span = provider.tracer("t").start_span("s");
  const auto text = [](std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>('a' + (size + i) % 26);
    return out;
  };
  for (std::size_t size = 1; size < 300; ++size) span.set(text(size), text(300 - size)).set(text(size) + "!", size);
  span.set("empty", "");
  span.end();
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.attributes.size(), 599U);
  for (std::size_t size = 1; size < 300; ++size) {
    EXPECT_EQ(value_of<std::string_view>(view, text(size)), text(300 - size));
    EXPECT_EQ(value_of<std::int64_t>(view, text(size) + "!"), static_cast<std::int64_t>(size));
  }
  EXPECT_EQ(value_of<std::string_view>(view, "empty"), "");
}

TEST(Span, SeveralAttributesAtOnceAreSetLikeOneAfterTheOther) {
  const std::string long_text(5000, 'x');
  const std::vector<std::string_view> texts = {"a", "b"};
  const Attribute attributes[] = {
      {"text", "first"},
      {"", "has no key"},
      {"truth", true},
      {"number", -7},
      {"real", 0.5},
      {"text", "last"},
      {"umlaut", "gr\xC3\xBC\xC3\x9F"},
      {"broken", "\xFF"},
      {"long", long_text},
      {"list", texts},
      {"k\xC3\xA4se", "no name from code"},
      {"number", "now text"},
      {"none", nullptr},
      {"kept", 1},
      {"empty", ""},
      {"too many", 2},
  };
  TracerProvider provider = make_provider({.limits = {.max_attributes = 10, .max_value_length = 4000}});
  Span one_by_one = provider.tracer("t").start_span("s");
  for (const Attribute& attribute : attributes) one_by_one.set(attribute);
  one_by_one.end();
  Span at_once = provider.tracer("t").start_span("s");
  at_once.set_all(attributes).set_all({});
  at_once.end();
  provider.tracer("t").start_span("s", {.attributes = attributes}).end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 3U);
  const SpanView& expected = list.spans[0];
  EXPECT_EQ(value_of<std::string_view>(expected, "text"), "last");
  EXPECT_EQ(value_of<std::string_view>(expected, "number"), "now text");
  EXPECT_EQ(value_of<std::string_view>(expected, "long").size(), 4000U);
  EXPECT_EQ(expected.attributes.size(), 10U);
  EXPECT_EQ(expected.dropped_attributes, 4U);
  for (const SpanView& view : list.spans) {
    ASSERT_EQ(view.attributes.size(), expected.attributes.size());
    for (std::size_t i = 0; i < view.attributes.size(); ++i) {
      EXPECT_EQ(view.attributes[i].key, expected.attributes[i].key);
      EXPECT_EQ(view.attributes[i].value, expected.attributes[i].value) << view.attributes[i].key;
    }
    EXPECT_EQ(view.dropped_attributes, expected.dropped_attributes);
  }
}

TEST(Span, OneThatIsTooLargeLosesWhatNoLongerFits) {
  TracerProvider provider = make_provider({.limits = {.max_span_bytes = 4096}});
  Span span = provider.tracer("t").start_span("s");
  const std::string large(1500, 'x');
  span.set("a", large).set("b", large).set("c", large).set("d", 1);
  span.add_event("e", {{"k", large}});
  span.end();
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.attributes.size(), 3U);
  EXPECT_EQ(view.dropped_attributes, 1U);
  EXPECT_EQ(view.dropped_events, 1U);
  EXPECT_EQ(value_of<std::int64_t>(view, "d"), 1);
}

TEST(Span, LimitsDropTheRestAndCountIt) {
  TracerProvider provider = make_provider(
      {.limits = {
           .max_attributes = 2, .max_events = 1, .max_links = 1, .max_event_attributes = 1, .max_value_length = 3}});
  const Tracer tracer = provider.tracer("t");
  Span span = tracer.start_span("s");
  span.set("a", "1234").set("b", 2).set("c", 3).set("a", "h\xc3\xa9llo");  // b stays, c is over, a may change
  span.add_event("e1", {{"k", 1}, {"l", 2}});
  span.add_event("e2");
  span.add_link(span.context());
  span.add_link(span.context());
  span.end();
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.attributes.size(), 2U);
  EXPECT_EQ(view.dropped_attributes, 1U);
  EXPECT_EQ(value_of<std::string_view>(view, "a"), "h\xc3\xa9l");
  ASSERT_EQ(view.events.size(), 1U);
  EXPECT_EQ(view.events[0].dropped_attributes, 1U);
  EXPECT_EQ(view.dropped_events, 1U);
  EXPECT_EQ(view.links.size(), 1U);
  EXPECT_EQ(view.dropped_links, 1U);
}

TEST(Span, TextThatIsNotUtf8IsRepairedBeforeACollectorRefusesTheBatch) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("caf\xe9");
  span.set("k", "\xff ok").set("", 1).set("\xff", 2);
  span.end();
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(0).name, "caf\xEF\xBF\xBD");
  EXPECT_EQ(value_of<std::string_view>(list.spans.at(0), "k"), "\xEF\xBF\xBD ok");
  EXPECT_EQ(list.spans.at(0).dropped_attributes, 2U);
}

TEST(Span, OkIsFinalAndUnsetIsIgnored) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  Span first = tracer.start_span("first");
  first.set_status(StatusCode::Error, "bad");
  first.set_status(StatusCode::Unset);
  first.set_status(StatusCode::Ok, "ignored");
  first.set_status(StatusCode::Error, "too late");
  first.end();
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(0).status, StatusCode::Ok);
  EXPECT_EQ(list.spans.at(0).status_message, "");
}

TEST(Span, AnExceptionBecomesOneEventWithItsReadableType) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("s");
  span.record_exception(std::runtime_error("boom"));
  span.end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.at(0).events.size(), 1U);
  EXPECT_EQ(list.spans[0].events[0].name, "exception");
  EXPECT_EQ(find_string(list.spans[0].events[0].attributes, "exception.type"), "std::runtime_error");
  EXPECT_EQ(find_string(list.spans[0].events[0].attributes, "exception.message"), "boom");
  EXPECT_EQ(list.spans[0].status, StatusCode::Unset);
}

TEST(Span, GivenTimesAreKeptToTheNanosecond) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("s", {.start_unix_nanos = 1'600'000'000'000'000'001});
  span.end(1'600'000'000'000'000'003);
  span.end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 1U);
  EXPECT_EQ(list.spans[0].start_unix_nanos, 1'600'000'000'000'000'001U);
  EXPECT_EQ(list.spans[0].end_unix_nanos, 1'600'000'000'000'000'003U);
}

TEST(Context, AScopedSpanIsTheParentUntilItEnds) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  SpanContext outer_context;
  {
    ScopedSpan outer = tracer.start_scoped_span("outer");
    outer_context = outer.context();
    EXPECT_EQ(current_span_context().span_id, outer_context.span_id);
    {
      ScopedSpan inner = tracer.start_scoped_span("inner");
    }
    Span sibling = tracer.start_span("sibling");
    EXPECT_EQ(current_span_context().span_id, outer_context.span_id);
  }
  EXPECT_FALSE(current_span_context().is_valid());
  Span alone = tracer.start_span("alone");
  alone.end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 4U);
  EXPECT_EQ(list.spans[0].name, "inner");
  EXPECT_EQ(list.spans[0].parent_span_id, outer_context.span_id);
  EXPECT_EQ(list.spans[1].parent_span_id, outer_context.span_id);
  EXPECT_EQ(list.spans[2].name, "outer");
  EXPECT_NE(list.spans[3].trace_id, outer_context.trace_id);
}

TEST(Context, ScopesThatEndOutOfOrderLeaveNoDanglingParent) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  auto outer = std::make_unique<ScopedSpan>(tracer.start_scoped_span("outer"));
  ScopedSpan inner = tracer.start_scoped_span("inner");
  outer.reset();
  EXPECT_EQ(current_span_context().span_id, inner.context().span_id);
  inner.end();
  EXPECT_FALSE(current_span_context().is_valid());
}

TEST(Context, ARemoteParentIsContinuedWithItsFlagsStateAndBaggage) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  Context remote;
  remote.span.trace_id = *TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736");
  remote.span.span_id = *SpanId::from_hex("00f067aa0ba902b7");
  remote.span.trace_flags = SpanContext::sampled_flag;
  remote.span.is_remote = true;
  remote.span.trace_state = TraceState("vendor=1");
  remote.baggage = *remote.baggage.with("campaign", "spring");
  {
    const ContextScope scope(remote);
    ScopedSpan span = tracer.start_scoped_span("server");
    EXPECT_EQ(current_context().baggage.get("campaign"), "spring");
    EXPECT_EQ(current_context().span.trace_state.header(), "vendor=1");
    EXPECT_FALSE(current_context().span.is_remote);
  }
  EXPECT_TRUE(current_context().baggage.is_empty());
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.trace_id, remote.span.trace_id);
  EXPECT_EQ(view.parent_span_id, remote.span.span_id);
  EXPECT_EQ(view.trace_state, "vendor=1");
  EXPECT_EQ(view.flags, 0x301U);  // the random bit was not set and must stay so; the parent is remote
}

TEST(Context, ASpanCanBeMadeCurrentForAWhileAndAddedTo) {
  TracerProvider provider = make_provider();
  Span span = provider.tracer("t").start_span("s");
  CurrentSpan().add_event("nobody hears this");
  {
    const SpanScope scope(span);
    CurrentSpan().add_event("cache_hit", {{"layer", "L1"}});
    CurrentSpan().set({"seen", true});
  }
  CurrentSpan().add_event("nor this");
  span.end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.at(0).events.size(), 1U);
  EXPECT_EQ(list.spans[0].events[0].name, "cache_hit");
  EXPECT_TRUE(value_of<bool>(list.spans[0], "seen"));
}

TEST(Disabled, ADefaultTracerStartsSpansThatDoNothing) {
  EXPECT_FALSE(default_tracer().is_enabled());
  ScopedSpan span = default_tracer().start_scoped_span("nothing");
  span.set("k", 1).set("l", "m");
  span.add_event("e");
  span.set_status(StatusCode::Error);
  EXPECT_FALSE(span.is_recording());
  EXPECT_FALSE(span.context().is_valid());
  EXPECT_FALSE(current_span_context().is_valid());
}

TEST(Disabled, TheDefaultTracerCanBeSetAndRemoved) {
  TracerProvider provider = make_provider();
  set_default_tracer(provider.tracer("t"));
  EXPECT_TRUE(default_tracer().start_span("s").is_recording());
  set_default_tracer(Tracer());
  EXPECT_FALSE(default_tracer().start_span("s").is_recording());
}

TEST(Provider, RefusesOptionsOutOfRange) {
  const auto no_queue = TracerProvider::create({.max_queue_bytes = 1});
  ASSERT_FALSE(no_queue);
  EXPECT_EQ(no_queue.error().code, Errc::InvalidArgument);
  EXPECT_THAT(no_queue.error().message, HasSubstr("max_queue_bytes"));
  EXPECT_FALSE(TracerProvider::create({.limits = {.max_span_bytes = 100}}));
}

}  // namespace
}  // namespace segue
