#include "page.h"

#include <gtest/gtest.h>

#include <array>

namespace segue::server {
namespace {

constexpr std::array files = {
    EmbeddedFile{"index.html", "<html>", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    EmbeddedFile{"assets/index-BQ7x.js", "let x", "aa"},
    EmbeddedFile{"favicon.svg", "<svg>", "bb"},
};

Response get(std::string_view target, Headers headers = {}) {
  Request request;
  request.method = "GET";
  request.headers = std::move(headers);
  EXPECT_TRUE(parse_target(target, request));
  return serve_page(request, files);
}

TEST(Page, IsServedForEveryRouteOfItsOwn) {
  for (const char* route :
       {"/", "/journeys/anna", "/journeys/anna.b", "/journeys/a%2Fb", "/traces/4bf9", "/anything"}) {
    const Response response = get(route);
    EXPECT_EQ(response.status, 200U) << route;
    EXPECT_EQ(response.body, "<html>") << route;
    EXPECT_EQ(response.content_type, "text/html; charset=utf-8") << route;
    EXPECT_EQ(response.headers.find("cache-control"), "no-cache") << route;
  }
}

TEST(Page, ServesFilesWithTheirTypesAndCachesHashedOnesForever) {
  const Response script = get("/assets/index-BQ7x.js");
  EXPECT_EQ(script.body, "let x");
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(script.headers.find("cache-control"), "public, max-age=31536000, immutable");
  const Response icon = get("/favicon.svg");
  EXPECT_EQ(icon.content_type, "image/svg+xml");
  EXPECT_EQ(icon.headers.find("cache-control"), "no-cache");
}

TEST(Page, MissesFilesThatAreNotThere) {
  EXPECT_EQ(get("/assets/old-1234.js").status, 404U);
  EXPECT_EQ(get("/assets/old").status, 404U);
  EXPECT_EQ(get("/robots.txt").status, 404U);
}

TEST(Page, IsNotSentAgainToWhoHasIt) {
  const std::string tag(get("/").headers.find("etag").value());
  EXPECT_EQ(tag, "\"0123456789abcdef0123456789abcdef\"");
  for (const std::string& held : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const Response response = get("/", {{"If-None-Match", held}});
    EXPECT_EQ(response.status, 304U) << held;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.headers.find("etag"), tag);
  }
  EXPECT_EQ(get("/", {{"If-None-Match", "\"other\""}}).status, 200U);
}

TEST(Page, MayOnlyUseItsOwnServer) {
  const Response response = get("/");
  EXPECT_EQ(response.headers.find("content-security-policy"),
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");
  EXPECT_EQ(response.headers.find("x-content-type-options"), "nosniff");
}

TEST(Page, IsEmbeddedInTheProgram) {
  EXPECT_TRUE(std::any_of(embedded_files().begin(), embedded_files().end(), [](const EmbeddedFile& file) {
    return file.path == "index.html" && file.bytes.starts_with("<!doctype html>") && file.hash.size() == 64;
  }));
}

}  // namespace
}  // namespace segue::server
