#include "segue/http/semantics.h"

#include <gtest/gtest.h>

#include <tuple>
#include <utility>

namespace segue {
namespace {

TEST(HttpSemantics, NamesSpansByMethodAndTemplateOnly) {
  EXPECT_EQ(std::string_view(http_span_name("GET", "")), "GET");
  EXPECT_EQ(std::string_view(http_span_name("QUERY", "/users/{id}")), "QUERY /users/{id}");
  EXPECT_EQ(std::string_view(http_span_name("BREW", "/pots/{id}")), "HTTP /pots/{id}");
  EXPECT_EQ(std::string_view(http_span_name("get", "")), "HTTP");
  EXPECT_EQ(known_http_method("PATCH"), "PATCH");
  EXPECT_EQ(known_http_method("patch"), "_OTHER");
  EXPECT_EQ(known_http_method(""), "_OTHER");
}

TEST(HttpSemantics, ServersOfUrlsHaveTheirSchemesPortUnlessGivenOne) {
  const std::tuple<std::string_view, std::string_view, int> table[] = {
      {"http://api.example", "api.example", 80},
      {"https://api.example/a:1/b", "api.example", 443},
      {"https://api.example?x=1", "api.example", 443},
      {"https://api.example#x", "api.example", 443},
      {"http://user:password@api.example:8080/", "api.example", 8080},
      {"http://a@b@api.example:1", "api.example", 1},
      {"http://[::1]:8080/", "[::1]", 8080},
      {"http://[::1]/", "[::1]", 80},
      {"http://host:notaport/", "host", 80},
      {"http://host:65536/", "host", 80},
      {"ftp://host/", "host", 0},
      {"http://", "", 80},
      {"/path@only", "", 0},
      {"", "", 0},
  };
  for (const auto& [url, host, port] : table) {
    EXPECT_EQ(server_of_url(url).host, host) << url;
    EXPECT_EQ(server_of_url(url).port, port) << url;
  }
}

TEST(HttpSemantics, UrlsLoseTheirSecretsAndNothingElse) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"https://api.example/a/b?x=1&y=2#z", "https://api.example/a/b?x=1&y=2#z"},
      {"https://user:password@api.example:8443/a", "https://REDACTED:REDACTED@api.example:8443/a"},
      {"https://user@api.example", "https://REDACTED:REDACTED@api.example"},
      {"https://a@b@api.example?q", "https://REDACTED:REDACTED@api.example?q"},
      {"https://api.example/mail@home", "https://api.example/mail@home"},
      {"https://api.example?to=me@home", "https://api.example?to=me@home"},
      {"https://s3.example/k?X-Amz-Signature=ab&X-Amz-Date=1&X-Amz-Credential=c&X-Amz-Security-Token=t#f",
       "https://s3.example/k?X-Amz-Signature=REDACTED&X-Amz-Date=1&X-Amz-Credential=REDACTED"
       "&X-Amz-Security-Token=REDACTED#f"},
      {"http://h/?sig=1&Signature=2&AWSAccessKeyId=3&X-Goog-Signature=4",
       "http://h/?sig=REDACTED&Signature=REDACTED&AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED"},
      {"http://h/?SIG=1&sig&signature=2&sig=", "http://h/?SIG=1&sig&signature=2&sig=REDACTED"},
      {"http://h/#x?sig=1", "http://h/#x?sig=1"},
      {"/relative?sig=1", "/relative?sig=REDACTED"},
      {"http://h/?", "http://h/?"},
      {"http://h/?&&", "http://h/?&&"},
      {"", ""},
  };
  for (const auto& [url, expected] : table) {
    EXPECT_EQ(redact_url(url), expected);
    std::string safe;
    EXPECT_EQ(redact_url(url, safe), expected);
  }
  EXPECT_EQ(redact_query(""), "");
}

}  // namespace
}  // namespace segue
