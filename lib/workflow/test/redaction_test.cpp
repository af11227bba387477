#include "segue/workflow/redaction.h"

#include "../src/keyed_hash.h"
#include "segue/workflow/handoff.h"
#include "segue/workflow/node.h"
#include "traced_fixture.h"

namespace segue {
namespace {

using Redaction = Traced;

TEST_F(Redaction, LeavesEverythingAsItIsByDefault) {
  workflow_span("b", "n", {.contact_id = "c-1", .attributes = {{"phone", "555"}}}).end();
  const SpanList list = drain(provider);
  EXPECT_EQ(text_of(list.spans.at(0), "workflow.contact_id"), "c-1");
  EXPECT_EQ(contact_hash("c-1"), "");
}

TEST_F(Redaction, HashesContactsAlikeOnNodesAndHandoffs) {
  ASSERT_TRUE(set_redactor({.contact_ids = ContactIds::Hash, .hash_key = "key"}));
  workflow_span("b", "n", {.contact_id = "c-1", .conversation_id = "talk-1"}).end();
  create_handoff_span("lead", "buyer", "c-1", 0.9, "r").end();
  const SpanList list = drain(provider);
  const std::string hash = text_of(list.spans.at(0), "workflow.contact_id");
  EXPECT_EQ(hash, contact_hash("c-1"));
  EXPECT_EQ(hash.size(), 32U);
  EXPECT_EQ(text_of(list.spans.at(1), "handoff.contact_id"), hash);
  EXPECT_EQ(text_of(list.spans[0], "workflow.conversation_id"), "talk-1");
}

TEST_F(Redaction, DropsContacts) {
  ASSERT_TRUE(set_redactor({.contact_ids = ContactIds::Drop}));
  workflow_span("b", "n", {.contact_id = "c-1"}).end();
  create_handoff_span("lead", "buyer", "c-1", 0.9, "r").end();
  const SpanList list = drain(provider);
  EXPECT_FALSE(has(list.spans.at(0), "workflow.contact_id"));
  EXPECT_FALSE(has(list.spans.at(1), "handoff.contact_id"));
}

TEST_F(Redaction, AsksAboutTextsAndNothingElse) {
  ASSERT_TRUE(set_redactor({.redact = [](std::string_view key, std::string_view value) -> std::optional<std::string> {
    if (key == "workflow.email") return std::nullopt;
    return "<" + std::string(value) + ">";
  }}));
  workflow_span("b", "n",
                {.contact_id = "c-1", .attributes = {{"email", "a@b.example"}, {"phone", "555"}, {"budget", 7}}})
      .end();
  const auto fails = trace_workflow_node("b", "fails", [](int) { throw std::runtime_error("no mail to a@b.example"); });
  EXPECT_THROW(fails(0), std::runtime_error);
  const SpanList list = drain(provider);
  EXPECT_EQ(text_of(list.spans.at(0), "workflow.contact_id"), "<c-1>");
  EXPECT_FALSE(has(list.spans[0], "workflow.email"));
  EXPECT_EQ(text_of(list.spans[0], "workflow.phone"), "<555>");
  EXPECT_EQ(value_of<std::int64_t>(list.spans[0], "workflow.budget"), 7);
  EXPECT_EQ(text_of(list.spans[0], "workflow.bot_type"), "b");
  EXPECT_EQ(list.spans.at(1).status_message, "<no mail to a@b.example>");
  EXPECT_EQ(find_string(list.spans[1].events.at(0).attributes, "exception.message"), "<no mail to a@b.example>");
}

/// Marks every string with the key it was asked about; nothing is left of "secret".
Result<void> mark_texts() {
  return set_redactor({.redact = [](std::string_view key, std::string_view value) -> std::optional<std::string> {
    if (value == "secret") return std::nullopt;
    return std::string(key) + "=" + std::string(value);
  }});
}

TEST_F(Redaction, AsksAboutTheStringsOfArrays) {
  ASSERT_TRUE(mark_texts());
  const std::vector<std::string_view> phones = {"555", "secret", "", "556"};
  const std::vector<std::int64_t> numbers = {1, 2};
  workflow_span("b", "n", {.attributes = {{"phones", phones}, {"numbers", numbers}}}).end();
  const SpanList list = drain(provider);
  EXPECT_THAT(strings_of(list.spans.at(0), "workflow.phones"),
              testing::ElementsAre("workflow.phones=555", "", "workflow.phones=556"));
  EXPECT_TRUE(has(list.spans[0], "workflow.numbers"));
}

/// The strings in `value`, however deep, in their order.
void collect(const ValueView& value, std::vector<std::string>& strings) {
  if (const auto* text = std::get_if<std::string_view>(&value)) strings.emplace_back(*text);
  if (const auto* array = std::get_if<ArrayView>(&value)) {
    EXPECT_TRUE(otlp::for_each_element(*array, [&](const ValueView& element) { collect(element, strings); }));
  }
  if (const auto* map = std::get_if<MapView>(&value)) {
    EXPECT_TRUE(otlp::for_each_entry(*map, [&](const AttributeView& entry) { collect(entry.value, strings); }));
  }
}

TEST_F(Redaction, AsksAboutTheStringsInMapsAndMixedArrays) {
  ASSERT_TRUE(mark_texts());
  const Attribute address[] = {{"city", "Upland"}, {"street", "secret"}, {"number", 7}};
  const AttributeValue mixed[] = {1, "two", "secret", Attributes(address)};
  const Attribute lead[] = {{"name", "Ann"}, {"address", Attributes(address)}, {"more", AttributeValues(mixed)}};
  workflow_span("b", "n", {.attributes = {{"lead", Attributes(lead)}}}).end();
  const SpanList list = drain(provider);
  std::vector<std::string> strings;
  collect(*find_attribute(list.spans.at(0).attributes, "workflow.lead"), strings);
  EXPECT_THAT(strings, testing::ElementsAre("workflow.lead.name=Ann", "workflow.lead.address.city=Upland",
                                            "workflow.lead.more=two", "workflow.lead.more.city=Upland"));
}

TEST_F(Redaction, AsksAboutTheAttributesOfEvents) {
  ASSERT_TRUE(mark_texts());
  {
    const WorkflowSpan span = workflow_span("b", "n");
    const std::vector<std::string_view> tags = {"hot", "secret"};
    add_workflow_event("called", {{"phone", "555"}, {"email", "secret"}, {"tags", tags}, {"score", 0.5}});
  }
  add_workflow_event("nobody_listens", {{"phone", "555"}});
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.at(0).events.size(), 1U);
  const auto& attributes = list.spans[0].events[0].attributes;
  EXPECT_EQ(find_string(attributes, "phone"), "phone=555");
  EXPECT_EQ(find_attribute(attributes, "email"), nullptr);
  EXPECT_NE(find_attribute(attributes, "score"), nullptr);
  std::vector<std::string> strings;
  collect(*find_attribute(attributes, "tags"), strings);
  EXPECT_THAT(strings, testing::ElementsAre("tags=hot"));
}

TEST_F(Redaction, RecordsNothingWhereTheRedactorThrows) {
  ASSERT_TRUE(set_redactor({.redact = [](std::string_view, std::string_view) -> std::optional<std::string> {
    throw std::runtime_error("no rule");
  }}));
  workflow_span("b", "n", {.contact_id = "c-1"}).end();
  EXPECT_FALSE(has(drain(provider).spans.at(0), "workflow.contact_id"));
}

TEST_F(Redaction, RefusesAHashWithoutAKey) {
  const auto set = set_redactor({.contact_ids = ContactIds::Hash});
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, Errc::InvalidArgument);
}

// RFC 4231, test cases 1, 2, 6 and 7, and messages around the block's end, computed with OpenSSL; the first half of each.
TEST(KeyedHashes, AreHmacSha256) {
  EXPECT_EQ(detail::KeyedHash(std::string(20, '\x0b')).hex("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b");
  EXPECT_EQ(detail::KeyedHash("Jefe").hex("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c7");
  EXPECT_EQ(detail::KeyedHash(std::string(131, '\xaa')).hex("Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f");
  EXPECT_EQ(
      detail::KeyedHash(std::string(131, '\xaa'))
          .hex("This is a test using a larger than block-size key and a larger than block-size data. The key needs "
               "to be hashed before being used by the HMAC algorithm."),
      "9b09ffa71b942fcb27635fbcd5b0e944");
  EXPECT_EQ(detail::KeyedHash("k").hex(std::string(55, 'x')), "d33fe5e5824d4a59f5af2ad989b91bac");
  EXPECT_EQ(detail::KeyedHash("k").hex(std::string(56, 'x')), "bf35c7626f5a247242b52a783a52545c");
  EXPECT_EQ(detail::KeyedHash("k").hex(std::string(64, 'x')), "fdf4ef53e5323766a0e0b63d7333e486");
}

}  // namespace
}  // namespace segue
