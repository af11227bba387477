#include "segue/segue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk_test_support.h"
#include "segue/export/memory_exporter.h"

namespace segue {
namespace {

using test::SdkTest;

using SettingUp = SdkTest;

TEST_F(SettingUp, IsOffUnlessSomebodyTurnsItOn) {
  EXPECT_FALSE(*setup_observability());
  EXPECT_FALSE(is_tracing_enabled());
  set("OTEL_ENABLED", "false");
  EXPECT_FALSE(*setup_observability());
}

TEST_F(SettingUp, RecordsFromSetUpToShutdownAndMayBeSetUpAgain) {
  for (int round = 0; round < 2; ++round) {
    auto memory = std::make_unique<MemoryExporter>();
    const MemoryExporter& exported = *memory;
    auto enabled = setup_observability({.service_name = "bots", .enabled = true, .exporter = std::move(memory)});
    ASSERT_TRUE(enabled && *enabled);
    EXPECT_TRUE(is_tracing_enabled());
    {
      const auto span = workflow_span("lead_bot", "analyze_intent");
    }
    EXPECT_TRUE(flush_observability(std::chrono::minutes(1)));
    const SpanList list = exported.finished_spans();
    ASSERT_EQ(list.spans.size(), 1U);
    EXPECT_EQ(list.spans[0].resource->service(), "bots");
    EXPECT_EQ(list.spans[0].scope->name, "segue");
    EXPECT_NE(find_attribute(list.spans[0].resource->attributes, "process.pid"), nullptr);
    EXPECT_TRUE(shutdown_observability());
    EXPECT_FALSE(is_tracing_enabled());
    EXPECT_EQ(observability_stats().exported, 1U);
  }
}

TEST_F(SettingUp, TwiceIsRefused) {
  ASSERT_TRUE(setup_observability({.enabled = true, .exporter = std::make_unique<MemoryExporter>()}));
  const auto again = setup_observability({.enabled = true, .exporter = std::make_unique<MemoryExporter>()});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::FailedPrecondition);
}

TEST_F(SettingUp, AWrongArgumentIsAnErrorNotAWarning) {
  const auto result = setup_observability({.enabled = true, .exporter_type = "fax"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::InvalidArgument);
  EXPECT_FALSE(setup_observability({.enabled = true, .endpoint = "gopher://x"}));
  EXPECT_FALSE(setup_observability({.enabled = true, .protocol = "carrier pigeon"}));
  EXPECT_FALSE(setup_observability({.enabled = true, .env_file = "/nowhere/.env"}));
  EXPECT_FALSE(is_tracing_enabled());
}

TEST_F(SettingUp, NoneMeansOff) {
  set("OTEL_EXPORTER_TYPE", "none");
  EXPECT_FALSE(*setup_observability({.enabled = true}));
}

}  // namespace
}  // namespace segue
