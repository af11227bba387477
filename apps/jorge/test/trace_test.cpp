// The spans of a conversation: names, parents, attributes, and one trace across a handoff and a restart.
#include <algorithm>
#include <deque>
#include <filesystem>

#include <gmock/gmock.h>

#include "jorge_fixture.h"
#include "segue/base/random.h"
#include "segue/export/memory_exporter.h"
#include "segue/model/attributes.h"
#include "segue/segue.h"

namespace jorge {
namespace {

using segue::SpanView;
using testing::HasSubstr;
namespace attributes = segue::attributes;

class Traces : public testing::Test {
 protected:
  void SetUp() override {
    auto exporter = std::make_unique<segue::MemoryExporter>();
    exporter_ = exporter.get();
    const auto on = segue::setup_observability(
        {.service_name = "jorge", .enabled = true, .sampler = segue::always_on(), .exporter = std::move(exporter)});
    ASSERT_TRUE(on && *on);
  }
  void TearDown() override { segue::shutdown_observability(); }

  /// All spans so far, in the order in which they started.
  const std::vector<SpanView>& spans() {
    EXPECT_TRUE(segue::flush_observability());
    std::vector<SpanView>& all = lists_.emplace_back(exporter_->finished_spans()).spans;
    std::stable_sort(all.begin(), all.end(),
                     [](const SpanView& a, const SpanView& b) { return a.start_unix_nanos < b.start_unix_nanos; });
    return all;
  }

  /// The one span of that name.
  const SpanView& span(std::string_view name) {
    const auto& all = spans();
    const auto named = [name](const SpanView& candidate) { return candidate.name == name; };
    EXPECT_EQ(std::count_if(all.begin(), all.end(), named), 1) << name;
    static const SpanView none;
    const auto found = std::find_if(all.begin(), all.end(), named);
    return found == all.end() ? none : *found;
  }

  void forget() { exporter_->clear(); }

  /// Names indented under their parents, parents that are elsewhere counting as none.
  std::string tree() {
    std::string text;
    const auto& all = spans();
    for (const SpanView& candidate : all) {
      const bool is_root = std::none_of(
          all.begin(), all.end(), [&](const SpanView& other) { return other.span_id == candidate.parent_span_id; });
      if (is_root) print(all, candidate, 0, text);
    }
    return text;
  }

 private:
  static void print(const std::vector<SpanView>& all, const SpanView& parent, std::size_t depth, std::string& text) {
    text += std::string(2 * depth, ' ').append(parent.name) + "\n";
    for (const SpanView& child : all) {
      if (child.parent_span_id == parent.span_id) print(all, child, depth + 1, text);
    }
  }

  segue::MemoryExporter* exporter_ = nullptr;
  std::deque<segue::SpanList> lists_;  // all kept: the test holds views of earlier ones
};

TEST_F(Traces, OfAnExecutedHandoffAreTheTreeThatWasPromised) {
  JorgeFixture jorge;
  jorge.send("c", buyer_text);
  EXPECT_EQ(tree(), R"(POST /api/v1/webhooks/ghl
  lead_bot.analyze_intent
    intent_decoder.analyze_lead
  lead_bot.check_handoff_signals
  handoff.lead_to_buyer
    jorge.handoff.evaluate_handoff
    jorge.handoff.execute_handoff
      DELETE /contacts/{id}/tags
      POST /contacts/{id}/tags
  buyer_bot.process_buyer_conversation
    buyer_bot.analyze_buyer_intent
    buyer_bot.qualify_buyer
    buyer_bot.generate_buyer_response
)");
  for (const SpanView& each : spans()) EXPECT_EQ(each.trace_id, spans().front().trace_id);
}

TEST_F(Traces, WithoutAHandoffShowTheLeadBotsPath) {
  JorgeFixture jorge;
  jorge.send("c", "Hello there");
  EXPECT_EQ(tree(), R"(POST /api/v1/webhooks/ghl
  lead_bot.analyze_intent
    intent_decoder.analyze_lead
  lead_bot.check_handoff_signals
  lead_bot.determine_path
  lead_bot.qualify_intent
)");
}

TEST_F(Traces, OfABlockedHandoffGoOnWithTheLeadBot) {
  JorgeFixture jorge;
  ASSERT_TRUE(jorge.store().record_handoff("c", {Bot::Lead, Bot::Buyer, jorge.clock()()}));
  jorge.send("c", buyer_text);
  EXPECT_EQ(tree(), R"(POST /api/v1/webhooks/ghl
  lead_bot.analyze_intent
    intent_decoder.analyze_lead
  lead_bot.check_handoff_signals
  handoff.lead_to_buyer
    jorge.handoff.evaluate_handoff
  lead_bot.determine_path
  lead_bot.qualify_intent
)");
  const SpanView& handoff = span("handoff.lead_to_buyer");
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_outcome), "blocked");
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_blocked_by), "circular");
}

TEST_F(Traces, SayWhoTheyServeAndWhereTheConversationStands) {
  JorgeFixture jorge;
  jorge.send("c", buyer_text);
  std::size_t bot_spans = 0;
  for (const SpanView& each : spans()) {
    if (each.name.find("_bot.") == std::string_view::npos) continue;
    ++bot_spans;
    SCOPED_TRACE(std::string(each.name));
    EXPECT_EQ(find_string(each.attributes, attributes::workflow_contact_id), "c");
    EXPECT_NE(find_string(each.attributes, attributes::workflow_current_step), "");
    EXPECT_NE(find_string(each.attributes, attributes::workflow_temperature), "");
  }
  EXPECT_EQ(bot_spans, 6U);
  const SpanView& decoder = span("intent_decoder.analyze_lead");
  EXPECT_EQ(*find_attribute(decoder.attributes, attributes::decoder_conversation_length),
            segue::ValueView(std::int64_t{1}));
  EXPECT_EQ(*find_attribute(decoder.attributes, attributes::decoder_buyer_intent), segue::ValueView(0.3 * 3));
  EXPECT_EQ(*find_attribute(decoder.attributes, attributes::decoder_seller_intent), segue::ValueView(0.0));
}

TEST_F(Traces, DescribeTheHandoff) {
  JorgeFixture jorge;
  jorge.send("c", buyer_text);
  const SpanView& handoff = span("handoff.lead_to_buyer");
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_source_bot), "lead");
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_target_bot), "buyer");
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_contact_id), "c");
  EXPECT_EQ(*find_attribute(handoff.attributes, attributes::handoff_confidence), segue::ValueView(0.3 * 3));
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_reason), "buyer_intent_detected");
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_outcome), "executed");
}

TEST_F(Traces, MarkAFailedHandoffAsAnError) {
  JorgeFixture jorge;
  jorge.break_crm("POST", 1, 422);
  forget();
  jorge.send("c", buyer_text);
  const SpanView& handoff = span("handoff.lead_to_buyer");
  EXPECT_EQ(find_string(handoff.attributes, attributes::handoff_outcome), "failed");
  EXPECT_EQ(handoff.status, segue::StatusCode::Error);
  EXPECT_EQ(span("POST /api/v1/webhooks/ghl").status, segue::StatusCode::Unset) << "the contact got its answer";
}

TEST_F(Traces, AnnounceTheWholeGraphOnce) {
  JorgeFixture jorge;
  jorge.send("c", buyer_text);
  const SpanView& request = span("POST /api/v1/webhooks/ghl");
  EXPECT_EQ(request.kind, segue::SpanKind::Server);
  EXPECT_NE(find_attribute(request.attributes, attributes::workflow_edges), nullptr);
  EXPECT_EQ(find_string(request.attributes, attributes::http_route), "/api/v1/webhooks/ghl");
  const SpanView& buyer = span("buyer_bot.process_buyer_conversation");
  EXPECT_NE(find_attribute(buyer.attributes, attributes::workflow_nodes), nullptr);
}

TEST_F(Traces, ContinueAfterAHandoffWhileItIsFreshEvenThroughARestart) {
  const auto directory =
      std::filesystem::temp_directory_path() / ("jorge_trace_" + std::to_string(segue::random_bits()));
  std::filesystem::create_directory(directory);
  const JorgeFixtureOptions options{.database = directory / "jorge.db"};
  {
    JorgeFixture jorge(options);
    jorge.send("c", buyer_text);
  }
  const auto handoff_trace = span("handoff.lead_to_buyer").trace_id;
  const auto handoff_span = span("handoff.lead_to_buyer").span_id;
  forget();
  {
    JorgeFixture jorge(options);
    jorge.send("c", "Three bedrooms");
  }
  const SpanView& request = span("POST /api/v1/webhooks/ghl");
  EXPECT_EQ(request.trace_id, handoff_trace);
  EXPECT_EQ(request.parent_span_id, handoff_span);
  EXPECT_TRUE(request.links.empty());
  std::filesystem::remove_all(directory);
}

TEST_F(Traces, OnlyLinkToAHandoffThatIsNoLongerFresh) {
  JorgeFixture jorge({.webhook = {.handoff_freshness = std::chrono::minutes(15)}});
  jorge.send("c", buyer_text);
  const auto handoff_trace = span("handoff.lead_to_buyer").trace_id;
  const auto handoff_span = span("handoff.lead_to_buyer").span_id;
  forget();
  jorge.advance(std::chrono::minutes(15));
  jorge.send("c", "Three bedrooms");
  const SpanView& request = span("POST /api/v1/webhooks/ghl");
  EXPECT_NE(request.trace_id, handoff_trace);
  EXPECT_FALSE(request.parent_span_id.is_valid());
  ASSERT_EQ(request.links.size(), 1U);
  EXPECT_EQ(request.links[0].span_id, handoff_span);
  EXPECT_EQ(find_string(request.links[0].attributes, attributes::workflow_link_type), "handoff");
}

TEST_F(Traces, FollowTheCallerFirstAndLinkTheHandoff) {
  JorgeFixture jorge;
  jorge.send("c", buyer_text);
  const auto handoff_span = span("handoff.lead_to_buyer").span_id;
  forget();
  jorge.send("c", "Three bedrooms", {"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"});
  const SpanView& request = span("POST /api/v1/webhooks/ghl");
  EXPECT_EQ(request.trace_id.to_hex(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(request.parent_span_id.to_hex(), "b7ad6b7169203331");
  ASSERT_EQ(request.links.size(), 1U);
  EXPECT_EQ(request.links[0].span_id, handoff_span);
}

TEST_F(Traces, CarryNoMessageText) {
  JorgeFixture jorge;
  jorge.send("c", buyer_text);
  for (const SpanView& each : spans()) {
    for (const segue::AttributeView& attribute : each.attributes) {
      if (const auto* text = std::get_if<std::string_view>(&attribute.value)) {
        EXPECT_EQ(text->find("budget is"), std::string_view::npos) << each.name << " " << attribute.key;
      }
    }
  }
}

}  // namespace
}  // namespace jorge
