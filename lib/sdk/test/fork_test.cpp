#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>
#include <string>

#include "decoded_metrics.h"
#include "loopback_server.h"
#include "sdk_test_support.h"
#include "segue/model/span_view.h"
#include "segue/otlp/decode.h"
#include "segue/segue.h"

namespace segue {
namespace {

using Forks = test::SdkTest;

std::string text_of(const SpanView& span, std::string_view key) {
  const ValueView* value = find_attribute(span.resource->attributes, key);
  const auto* text = value != nullptr ? std::get_if<std::string_view>(value) : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

std::int64_t number_of(const SpanView& span, std::string_view key) {
  const ValueView* value = find_attribute(span.resource->attributes, key);
  const auto* number = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
  return number != nullptr ? *number : -1;
}

TEST_F(Forks, ParentAndChildBothExportAsInstancesOfTheirOwn) {
  // It serves one connection at a time, so the parent's must not stay open while the child sends.
  const test::LoopbackServer server({{.then = test::LoopbackAnswer::Then::Close}});
  ASSERT_TRUE(*setup_observability({.service_name = "bots", .enabled = true, .endpoint = server.url("")}));
  {
    const auto before = workflow_span("lead_bot", "before_fork");
  }
  ASSERT_TRUE(flush_observability(std::chrono::minutes(1)));
  const pid_t child = fork();
  if (child == 0) {
    {
      const auto span = workflow_span("lead_bot", "in_child");
    }
    _exit(shutdown_observability(std::chrono::minutes(1)) && observability_stats().exported == 1 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  {
    const auto span = workflow_span("lead_bot", "in_parent");
  }
  EXPECT_TRUE(shutdown_observability(std::chrono::minutes(1)));
  EXPECT_EQ(observability_stats().exported, 2U);

  std::multiset<std::string> names;
  std::set<std::string> instances;
  for (const auto& request : server.requests()) {
    const auto decoded = otlp::decode_request(request.body);
    ASSERT_TRUE(decoded);
    for (const SpanView& span : decoded->list.spans) {
      names.emplace(span.name);
      instances.insert(text_of(span, "service.instance.id"));
      const bool is_childs = span.name == "lead_bot.in_child";
      EXPECT_EQ(number_of(span, "process.pid"), is_childs ? child : getpid());
    }
  }
  EXPECT_EQ(names, (std::multiset<std::string>{"lead_bot.before_fork", "lead_bot.in_child", "lead_bot.in_parent"}));
  EXPECT_EQ(instances.size(), 2U);
}

TEST_F(Forks, AChildsMetricsAreItsOwnAndOfTheInstanceThatItsSpansAreOf) {
  // One connection at a time, as above.
  const test::LoopbackServer server({{.then = test::LoopbackAnswer::Then::Close}});
  ASSERT_TRUE(*setup_observability({.enabled = true, .endpoint = server.url(""), .metrics = true}));
  increment_counter("jorge.interaction.total", 3);
  ASSERT_TRUE(flush_observability(std::chrono::minutes(1)));
  const pid_t child = fork();
  if (child == 0) {
    {
      const auto span = workflow_span("lead_bot", "in_child");
    }
    increment_counter("jorge.interaction.total", 2);
    _exit(shutdown_observability(std::chrono::minutes(1)) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(shutdown_observability(std::chrono::minutes(1)));

  std::string instance_of_span;
  std::map<std::string, std::int64_t> counted;   // by instance, the last
  std::map<std::string, std::string> instances;  // by process
  for (const auto& request : server.requests()) {
    if (request.target == "/v1/traces") {
      const auto decoded = otlp::decode_request(request.body);
      ASSERT_TRUE(decoded);
      instance_of_span = text_of(decoded->list.spans.at(0), "service.instance.id");
      continue;
    }
    auto resource = test::decode_resource(request.body);
    const std::string instance = resource["service.instance.id"];
    instances[resource["process.pid"]] = instance;
    counted[instance] = test::decode_metrics(request.body).at("jorge.interaction.total").points.at(0).value;
  }
  ASSERT_EQ(instances.size(), 2U);
  EXPECT_EQ(instances[std::to_string(child)], instance_of_span);
  EXPECT_EQ(counted[instance_of_span], 2);
  EXPECT_EQ(counted[instances[std::to_string(getpid())]], 3);
}

}  // namespace
}  // namespace segue
