#include "segue/trace/span_observer.h"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <thread>

#include "trace_test_support.h"

namespace segue {
namespace {

// Copies what it is told, since that is valid during the call alone.
class Notes final : public SpanObserver {
 public:
  struct Note {
    std::string name;
    std::string scope;
    SpanKind kind;
    StatusCode status;
    std::string status_message;
    SpanContext context;
    SpanId parent;
    std::uint64_t duration;
    std::string node;
    ValueView turns;
    ValueView missing;
  };

  void on_end(const FinishedSpan& span) noexcept override {
    const ValueView node = span.attribute("workflow.node_name");
    const auto* text = std::get_if<std::string_view>(&node);
    const std::lock_guard lock(mutex_);
    list_.push_back({std::string(span.name()), std::string(span.scope()), span.kind(), span.status(),
                     std::string(span.status_message()), span.context(), span.parent_span_id(), span.duration_nanos(),
                     std::string(text != nullptr ? *text : ""), span.attribute("turns"), span.attribute("missing")});
  }

  std::vector<Note> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(list_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Note> list_;
};

TEST(SpanObserver, SeesWhatTheSpanSaid) {
  const auto notes = std::make_shared<Notes>();
  TracerProvider provider = make_provider({.observers = {notes, nullptr}});
  const Tracer tracer = provider.tracer("acme.bots");
  const ScopedSpan root = tracer.start_scoped_span("root");
  Span span = tracer.start_span("first name", {.kind = SpanKind::Client, .start_unix_nanos = 1'000});
  span.set("turns", 1).set("workflow.node_name", "qualify").set("turns", 4);
  span.set_status(StatusCode::Error, "no budget");
  span.update_name("second name, which is longer");
  const SpanContext context = span.context();
  EXPECT_TRUE(notes->take().empty());
  span.end(3'500);
  const auto list = notes->take();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].name, "second name, which is longer");
  EXPECT_EQ(list[0].scope, "acme.bots");
  EXPECT_EQ(list[0].kind, SpanKind::Client);
  EXPECT_EQ(list[0].status, StatusCode::Error);
  EXPECT_EQ(list[0].status_message, "no budget");
  EXPECT_EQ(list[0].context.span_id, context.span_id);
  EXPECT_EQ(list[0].parent, root.context().span_id);
  EXPECT_EQ(list[0].duration, 2'500U);
  EXPECT_EQ(list[0].node, "qualify");
  EXPECT_EQ(list[0].turns, ValueView(std::int64_t{4}));
  EXPECT_EQ(list[0].missing, ValueView());
  tracer.start_span("next").end();  // in the same memory
  const auto next = notes->take();
  EXPECT_EQ(next.at(0).status, StatusCode::Unset);
  EXPECT_EQ(next[0].status_message, "");
  EXPECT_EQ(next[0].node, "");
}

TEST(SpanObserver, SeesWithAlwaysRecordWhatSamplingThrowsAway) {
  const auto notes = std::make_shared<Notes>();
  TracerProvider provider = make_provider({.sampler = always_record(always_off()), .observers = {notes}});
  provider.tracer("t").start_span("s", {.attributes = {{"workflow.node_name", "qualify"}}}).end();
  const auto list = notes->take();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].node, "qualify");
  EXPECT_FALSE(list[0].context.is_sampled());
  EXPECT_TRUE(drain(provider).spans.empty());
  EXPECT_EQ(provider.stats().recorded_only, 1U);
}

TEST(SpanObserver, DoesNotSeeWhatIsNotRecorded) {
  const auto notes = std::make_shared<Notes>();
  TracerProvider provider = make_provider({.sampler = always_off(), .observers = {notes}});
  provider.tracer("t").start_span("s").end();
  EXPECT_TRUE(notes->take().empty());
}

TEST(SpanObserver, IsCalledByEveryRecordingThread) {
  const auto notes = std::make_shared<Notes>();
  TracerProvider provider = make_provider({.observers = {notes}});
  const Tracer tracer = provider.tracer("t");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&tracer] {
      for (int j = 0; j < 100; ++j) tracer.start_span("s").end();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(notes->take().size(), 400U);
  EXPECT_EQ(drain(provider).spans.size(), 400U);
}

}  // namespace
}  // namespace segue
