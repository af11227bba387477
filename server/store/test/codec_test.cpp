// The encodings: bytes, keys, the dictionary, page tokens, records and chunks.
#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "byte_codec.h"
#include "catalogue.h"
#include "chunk_codec.h"
#include "dictionary.h"
#include "duplicates.h"
#include "keys.h"
#include "page_token.h"
#include "trace_record.h"

namespace segue::server::detail {
namespace {

using namespace std::string_view_literals;

TEST(ByteCodec, ReadsBackWhatItWrote) {
  std::string bytes;
  ByteWriter(bytes).byte(7).varint(UINT64_MAX).varint(300).fixed32(5).fixed64(6).text("seven").raw("end");
  ByteWriter(bytes).signed_varint(std::numeric_limits<std::int64_t>::min()).signed_varint(-1).signed_varint(1);
  ByteReader in(bytes);
  EXPECT_EQ(in.byte(), 7);
  EXPECT_EQ(in.varint(), UINT64_MAX);
  EXPECT_EQ(in.varint(), 300U);
  EXPECT_EQ(in.fixed32(), 5U);
  EXPECT_EQ(in.fixed64(), 6U);
  EXPECT_EQ(in.text(), "seven");
  EXPECT_EQ(in.raw(3), "end");
  EXPECT_EQ(in.signed_varint(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(in.signed_varint(), -1);
  EXPECT_EQ(in.signed_varint(), 1);
  EXPECT_TRUE(in.is_at_end());
  EXPECT_FALSE(in.failed());
}

TEST(ByteCodec, RemembersThatItRanOutOfBytes) {
  ByteReader short_text(
      "\x05"
      "abc");
  EXPECT_EQ(short_text.text(), "");
  EXPECT_TRUE(short_text.failed());
  ByteReader endless("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
  endless.varint();
  EXPECT_TRUE(endless.failed());
  ByteReader absurd_count(
      "\x7f"
      "ab");
  EXPECT_EQ(absurd_count.count(), 0U);
  EXPECT_TRUE(absurd_count.failed());
}

TEST(Keys, NumbersSortByTimeAndNameTheirDay) {
  const std::uint64_t noon = 1'747'051'200'000'000'000;  // 2025-05-12 12:00 UTC
  EXPECT_EQ(date_of(number_at(noon)), 20250512U);
  EXPECT_EQ(date_of(number_at(noon + 43'200'000'000'000)), 20250513U);
  EXPECT_LT(number_at(noon), number_at(noon + 1'000'000));
  EXPECT_EQ(millis_of(number_at(noon)), 1'747'051'200'000U);
  EXPECT_EQ(millis_of(number_at(UINT64_MAX)), max_number_millis);
}

TEST(Keys, TheRangeOfAPrefixHoldsItsKeysOnly) {
  const std::string prefix = service_posting_prefix(3, UINT32_MAX);
  const std::string key = posting_key(prefix, UINT64_MAX);
  EXPECT_GT(key, prefix);
  EXPECT_LT(key, after_prefix(prefix));
  EXPECT_LE(after_prefix(prefix), service_posting_prefix(4, 0));
  EXPECT_EQ(trailing_number(key), UINT64_MAX);
  EXPECT_LT(recent_contact_key(2000, 9), recent_contact_key(1000, 1));
}

TEST(Dictionary, GivesEachTextOneNumberPerClass) {
  Dictionary dictionary;
  const std::uint32_t name = dictionary.number_for(TextClass::Name, "greet");
  EXPECT_EQ(dictionary.number_for(TextClass::Name, "greet"), name);
  EXPECT_EQ(dictionary.find(TextClass::Name, "greet"), name);
  EXPECT_EQ(dictionary.find(TextClass::Key, "greet"), 0U);
  EXPECT_EQ(dictionary.text(TextClass::Name, name), "greet");
  EXPECT_FALSE(dictionary.text(TextClass::Name, name + 1));
  EXPECT_FALSE(dictionary.text(TextClass::Name, 0));
  EXPECT_EQ(dictionary.unsaved().size(), 1U);
  dictionary.mark_saved();
  EXPECT_TRUE(dictionary.unsaved().empty());
}

TEST(Dictionary, IsRestoredFromItsEntries) {
  Dictionary written, read;
  written.number_for(TextClass::Name, "first");
  written.number_for(TextClass::Name, "second");
  for (const Dictionary::Entry& entry : written.unsaved()) {
    EXPECT_TRUE(read.load(dictionary_key(entry.text_class, entry.number), entry.text));
  }
  EXPECT_EQ(read.find(TextClass::Name, "second"), written.find(TextClass::Name, "second"));
  EXPECT_TRUE(read.unsaved().empty());
  EXPECT_FALSE(read.load(dictionary_key(TextClass::Name, 9), "after a gap"));
}

TEST(Dictionary, StopsTakingTextsWhenAClassIsFull) {
  Dictionary dictionary;
  EXPECT_EQ(dictionary.number_for(TextClass::Name, std::string(257, 'x')), 0U);
  std::uint32_t taken = 0;
  while (dictionary.number_for(TextClass::Name, "name_" + std::to_string(taken)) != 0) ++taken;
  EXPECT_EQ(taken, 65'536U);
  EXPECT_EQ(dictionary.overflows(), 2U);
  EXPECT_NE(dictionary.number_for(TextClass::Name, "name_0"), 0U);
  EXPECT_NE(dictionary.number_for(TextClass::Key, "of another class"), 0U);
}

TEST(Catalogue, IsRestoredFromItsKeys) {
  Catalogue written, read;
  written.add_service("jorge");
  written.add_bot("lead_bot", "greet");
  written.add_bot("lead_bot", "");
  written.add_bot("buyer_bot", "");
  EXPECT_EQ(written.unsaved().size(), 3U);
  for (const std::string& key : written.unsaved()) read.load(key);
  EXPECT_EQ(read.services(), std::vector<std::string>{"jorge"});
  ASSERT_EQ(read.bots().size(), 2U);
  EXPECT_EQ(read.bots()[1].nodes, std::vector<std::string>{"greet"});
  EXPECT_EQ(read.bots_with_node("greet"), std::vector<std::string>{"lead_bot"});
}

TEST(Catalogue, IsBounded) {
  Catalogue catalogue;
  for (std::size_t i = 0; i < Catalogue::max_entries + 5; ++i) catalogue.add_service("service_" + std::to_string(i));
  EXPECT_EQ(catalogue.services().size(), Catalogue::max_entries);
  EXPECT_EQ(catalogue.overflows(), 5U);
}

TEST(PageToken, BelongsToItsQuery) {
  const std::uint64_t print = QueryPrint().add("a").add("b").value();
  const std::string token = make_page_token(print, {.position = 7, .tie = 3});
  const auto start = read_page_token(token, print);
  ASSERT_TRUE(start);
  EXPECT_EQ(start->position, 7U);
  EXPECT_EQ(start->tie, 3U);
  EXPECT_FALSE(read_page_token(token, QueryPrint().add("ab").value()));
  EXPECT_FALSE(read_page_token(token, QueryPrint().add("a").add("").add("b").value()));
  EXPECT_FALSE(read_page_token(token.substr(2), print));
  EXPECT_FALSE(read_page_token("zz" + token.substr(2), print));
}

TEST(RecentTraces, KnowsASpanAgainUntilItsTraceIsLongAgo) {
  RecentTraces recent;
  TraceId first;
  first.bytes[0] = 1;
  EXPECT_EQ(recent.find(first), nullptr);
  RecentTraces::Trace& trace = recent.insert(first, {});
  EXPECT_TRUE(recent.add(trace, 11));
  EXPECT_FALSE(recent.add(trace, 11));
  TraceId other;
  for (std::uint32_t i = 0; i < 2 * RecentTraces::max_identities; ++i) {
    std::memcpy(other.bytes.data() + 12, &i, sizeof i);
    recent.insert(other, {});
    recent.make_room();
  }
  EXPECT_EQ(recent.find(first), nullptr);
  EXPECT_NE(recent.find(other), nullptr);
  recent.forget();
  EXPECT_EQ(recent.find(other), nullptr);
}

std::string sample_chunk(const std::shared_ptr<Dictionary>& dictionary) {
  ResourceView resource;
  resource.attributes = {{"service.name", "jorge"sv}};
  SpanView span;
  span.name = "lead_bot.greet";
  span.resource = &resource;
  span.attributes = {{"text", "value"sv}, {"again", "value"sv}, {"number", std::int64_t{5}}};
  span.events.resize(1);
  span.links.resize(1);
  SpanView other = span;
  const SpanView* const spans[] = {&span, &other};
  return ChunkEncoder(*dictionary).encode(TraceId{}, spans);
}

Result<void> decode(std::string bytes, const std::shared_ptr<Dictionary>& dictionary, SpanList& list) {
  return decode_chunk(std::make_shared<const std::string>(std::move(bytes)), dictionary, list);
}

TEST(ChunkCodec, EveryDamagedByteIsNoticed) {
  const auto dictionary = std::make_shared<Dictionary>();
  const std::string chunk = sample_chunk(dictionary);
  SpanList list;
  ASSERT_TRUE(decode(chunk, dictionary, list));
  EXPECT_EQ(list.spans.size(), 2U);
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    std::string damaged = chunk;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    SpanList none;
    const auto read = decode(damaged, dictionary, none);
    ASSERT_FALSE(read) << "byte " << i;
    EXPECT_EQ(read.error().code, Errc::Corruption);
    EXPECT_TRUE(none.spans.empty() && none.buffers.empty());
    EXPECT_FALSE(decode(chunk.substr(0, i), dictionary, none)) << "cut at " << i;
  }
}

TEST(ChunkCodec, NumbersMissingFromTheDictionaryAreCorruption) {
  const auto dictionary = std::make_shared<Dictionary>();
  const std::string chunk = sample_chunk(dictionary);
  SpanList list;
  EXPECT_EQ(decode(chunk, std::make_shared<Dictionary>(), list).error().code, Errc::Corruption);
}

TEST(TraceRecord, ReadsBackWhatItWroteAndNoticesDamage) {
  TraceRecord record;
  record.start_unix_nanos = 1000;
  record.end_unix_nanos = 9000;
  record.spans = 3;
  record.errors = 1;
  record.handoffs = 2;
  record.root = {true, true, 2000, 500, "root", "jorge"};
  record.bots = {{"lead_bot", 1000}, {"buyer_bot", 500}};
  record.nodes = {{"lead_bot", "greet"}};
  record.add_contact(7, "contact_1");
  record.conversations = {"conversation"};
  record.add_date(20250513);
  record.add_date(20250512);
  record.add_date(20250513);
  const std::string bytes = encode_record(record);
  const auto read = decode_record(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(encode_record(*read), bytes);
  EXPECT_EQ(read->dates, (std::vector<std::uint32_t>{20250512, 20250513}));
  EXPECT_EQ(read->root.end_unix_nanos, 500U);
  EXPECT_EQ(read->bots[1].first_unix_nanos, 500U);
  EXPECT_EQ(read->contacts[0].number, 7U);
  for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_FALSE(decode_record(bytes.substr(0, i)));
}

}  // namespace
}  // namespace segue::server::detail
