#include "request_table.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <span>
#include <utility>

#include "segue/otlp/encode.h"
#include "segue/otlp/json.h"

namespace segue::server::test {
namespace {

std::string field(char tag, std::string_view payload) {
  std::string encoded(1, tag);
  std::size_t length = payload.size();
  for (; length >= 0x80; length >>= 7) encoded += static_cast<char>(0x80 | (length & 0x7f));
  encoded += static_cast<char>(length);
  return encoded.append(payload);
}

std::string with_attribute(ValueView value) {
  SpanView span = make_span(7);
  span.attributes.push_back({"deep", value});
  return otlp::encode_request(std::span(&span, 1));
}

std::string nested_json(int levels) {
  std::string value = R"({"stringValue":"x"})";
  for (int level = 0; level < levels; ++level) value = R"({"arrayValue":{"values":[)" + value + "]}}";
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f07",)"
         R"("spanId":"0102030405060707","name":"deep","attributes":[{"key":"deep","value":)" +
         value + "}]}]}]}]}";
}

/// One good span, and one each without a trace id and without a span id.
std::string partly_valid_request() {
  SpanView spans[] = {make_span(1), make_span(2), make_span(3)};
  spans[1].trace_id = {};
  spans[2].span_id = {};
  return otlp::encode_request(spans);
}

std::string to_json(std::string_view protobuf) {
  auto json = otlp::request_to_json(protobuf);
  EXPECT_TRUE(json) << json.error().message;
  return std::move(*json);
}

/// What does not depend on how a span is encoded.
void add_common_cases(std::vector<RequestCase>& table, std::string_view type, const std::string& good,
                      std::size_t max_body_bytes) {
  const std::string label = std::string(type) + ": ";
  const auto add = [&](std::string_view name, std::string coding, std::string body, unsigned status) {
    table.push_back({label + std::string(name), std::string(type), std::move(coding), std::move(body), status});
  };
  const std::string packed = gzip(good);
  add("a good request", "", good, 200);
  add("identity", "identity", good, 200);
  add("gzip", "gzip", packed, 200);
  add("gzip in capitals", "GZIP", packed, 200);
  add("gzip in two members", "gzip", gzip(good.substr(0, 9)) + gzip(good.substr(9)), 200);
  add("nothing", "", "", 200);
  add("nothing, gzipped", "gzip", gzip(""), 200);
  add("cut in the middle", "", good.substr(0, good.size() / 2), 400);
  add("gzip cut in the middle", "gzip", packed.substr(0, packed.size() / 2), 400);
  add("gzip of a request cut in the middle", "gzip", gzip(good.substr(0, good.size() / 2)), 400);
  add("gzip that is none", "gzip", good, 400);
  add("gzip with a wrong checksum", "gzip", packed.substr(0, packed.size() - 8) + "????????", 400);
  add("gzip with something behind it", "gzip", packed + "x", 400);
  add("a coding nobody has", "deflate", good, 415);
  add("two codings", "gzip, gzip", gzip(packed), 415);
  add("garbage", "", "\xff\xfe\xfd garbage \x01\x02", 400);
  add("too large", "", std::string(max_body_bytes + 1, ' '), 413);
  add("a gzip bomb", "gzip", gzip(std::string(max_body_bytes + 1, ' ')), 413);
  table.push_back({label + "parameters and capitals",
                   "  Application/" + std::string(type.substr(12)) + " ; charset=utf-8", "", good, 200});
}

}  // namespace

SpanView make_span(std::uint8_t number) {
  static const ResourceView resource = [] {
    ResourceView view;
    view.attributes = {{"service.name", std::string_view("tester")}};
    return view;
  }();
  static const ScopeView scope;
  SpanView span;
  span.trace_id.bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, number};
  span.span_id.bytes = {1, 2, 3, 4, 5, 6, 7, number};
  span.name = "lead_bot.analyze_intent";
  span.kind = SpanKind::Internal;
  span.start_unix_nanos = 1'700'000'000'000'000'000U;
  span.end_unix_nanos = 1'700'000'000'250'000'000U;
  span.attributes = {{"workflow.bot_type", std::string_view("lead")}};
  span.resource = &resource;
  span.scope = &scope;
  return span;
}

std::string nested_array(int levels) {
  // An ArrayValue's field 1 is an AnyValue, whose field 5 is an ArrayValue.
  std::string array;
  for (int level = 1; level < levels; ++level) array = field('\x0a', field('\x2a', array));
  return array;
}

std::string gzip(std::string_view plain) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::vector<RequestCase> request_table(std::size_t max_body_bytes) {
  std::vector<RequestCase> table;
  const SpanView span = make_span(1);
  const std::string protobuf(protobuf_type), json(json_type);
  const std::string good = otlp::encode_request(std::span(&span, 1));
  const std::string good_json = to_json(good);
  add_common_cases(table, protobuf_type, good, max_body_bytes);
  add_common_cases(table, json_type, good_json, max_body_bytes);

  const std::string deepest = nested_array(64), too_deep = nested_array(65);
  table.push_back({"protobuf: partly valid", protobuf, "", partly_valid_request(), 200, 2});
  table.push_back({"protobuf: as deep as allowed", protobuf, "", with_attribute(ArrayView{deepest}), 200});
  table.push_back({"protobuf: too deep", protobuf, "", with_attribute(ArrayView{too_deep}), 400});
  table.push_back({"protobuf: a field nobody knows", protobuf, "", good + field('\x7a', "new"), 200});
  table.push_back({"protobuf: a length beyond the end", protobuf, "", "\x0a\xff\xff\xff\xff\x0f", 400});
  table.push_back({"protobuf: JSON inside", protobuf, "", good_json, 400});

  table.push_back({"JSON: partly valid", json, "", to_json(partly_valid_request()), 200, 2});
  table.push_back({"JSON: as deep as allowed", json, "", nested_json(64), 200});
  table.push_back({"JSON: too deep", json, "", nested_json(65), 400});
  table.push_back({"JSON: brackets without end", json, "", std::string(50'000, '['), 400});
  table.push_back({"JSON: a member nobody knows", json, "", R"({"resourceSpans":[],"new":[1,{"a":null}]})", 200});
  table.push_back({"JSON: an empty object", json, "", "{}", 200});
  table.push_back({"JSON: a wrong type", json, "", R"({"resourceSpans":{"spans":[]}})", 400});
  table.push_back({"JSON: two documents", json, "", "{}{}", 400});
  table.push_back({"JSON: protobuf inside", json, "", good, 400});

  table.push_back({"no content type", "", "", good, 415});
  table.push_back({"text", "text/plain", "", good, 415});
  table.push_back({"another protobuf", "application/protobuf-x", "", good, 415});
  return table;
}

}  // namespace segue::server::test
