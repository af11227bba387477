#include "segue/server/http/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segue/server/http/http_client.h"

namespace segue::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Headers, AreFoundWhateverTheirCase) {
  Headers headers{{"Content-Type", "text/plain"}};
  headers.add("X-Twice", "first");
  headers.add("x-twice", "second");
  EXPECT_EQ(headers.find("content-type"), "text/plain");
  EXPECT_EQ(headers.find("X-TWICE"), "first");
  EXPECT_EQ(headers.find("Content"), std::nullopt);
  headers.set("X-twice", "only");
  EXPECT_EQ(headers.find("x-Twice"), "only");
  EXPECT_EQ(headers.size(), 2U);
}

TEST(RequestTarget, IsCutAndDecoded) {
  Request request;
  ASSERT_TRUE(parse_target("/api/v1/journeys/a%2Fb%20c?bot=lead%5Fbot&name=x+y&errors&&z=1=2", request));
  EXPECT_EQ(request.path, "/api/v1/journeys/a/b c");
  EXPECT_THAT(request.segments, ElementsAre("api", "v1", "journeys", "a/b c"));
  EXPECT_EQ(request.query.find("bot"), "lead_bot");
  EXPECT_EQ(request.query.find("name"), "x y");
  EXPECT_EQ(request.query.find("errors"), "");
  EXPECT_EQ(request.query.find("z"), "1=2");
  EXPECT_EQ(request.query.find("Bot"), std::nullopt);
  EXPECT_EQ(request.query.size(), 4U);
}

TEST(RequestTarget, MayBeAbsoluteOrAnAsterisk) {
  Request absolute;
  ASSERT_TRUE(parse_target("http://example.test:80/a+b?c=d", absolute));
  EXPECT_EQ(absolute.path, "/a+b");
  EXPECT_EQ(absolute.query.find("c"), "d");
  Request only_host;
  ASSERT_TRUE(parse_target("http://example.test", only_host));
  EXPECT_EQ(only_host.path, "/");
  EXPECT_THAT(only_host.segments, IsEmpty());
  Request asterisk;
  ASSERT_TRUE(parse_target("*", asterisk));
  EXPECT_EQ(asterisk.path, "*");
}

TEST(RequestTarget, IsRefusedWhereItIsNotWellFormed) {
  for (const char* target : {"", "x", "/a%", "/a%2", "/a%zz", "/?q=%f", "/%00", "http://host?x", "../etc"}) {
    Request request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
}

TEST(RequestTarget, ComesBackFromAnEncodedComponent) {
  std::string every_byte;
  for (int byte = 1; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  Request request;
  ASSERT_TRUE(parse_target("/" + encode_url_component(every_byte) + "?v=" + encode_url_component(every_byte), request));
  EXPECT_THAT(request.segments, ElementsAre(every_byte));
  EXPECT_EQ(request.query.find("v"), every_byte);
}

}  // namespace
}  // namespace segue::server
