#include "variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "configuration.h"
#include "destination.h"
#include "metrics_setup.h"
#include "resource.h"
#include "sdk_test_support.h"
#include "setup_plan.h"

namespace segue::detail {
namespace {

TEST(Variables, StandInTheGuideAsTheCodeHasThem) {
  std::ostringstream guide;
  guide << std::ifstream(SEGUE_CONFIGURATION_GUIDE).rdbuf();
  EXPECT_THAT(guide.str(), testing::HasSubstr(variables_as_markdown()))
      << "put this into docs/guide/configuration.md:\n"
      << variables_as_markdown();
}

using VariablesInUse = test::SdkTest;

TEST_F(VariablesInUse, EveryListedOneIsRead) {
  set("DD_API_KEY", "key");  // what makes the vendors' own settings count
  set("HONEYCOMB_API_KEY", std::string(32, 'a'));
  set("NEW_RELIC_LICENSE_KEY", "key");
  set("LS_ACCESS_TOKEN", "key");
  set("OTEL_TRACES_SAMPLER", "traceidratio");
  set("OTEL_METRICS_EXPORTER", "otlp");
  const auto environment = load_environment(options_);
  ASSERT_TRUE(environment);
  (void)is_enabled(options_, *environment);
  const auto destination = decide_destination(options_, *environment);
  ASSERT_TRUE(destination);
  (void)detect_resource(options_, *environment, {});
  (void)choose_sampler(options_, *environment);
  (void)read_limits(*environment);
  (void)read_batch_options(options_, *environment);
  (void)read_max_queue_spans(*environment);
  (void)plan_metrics(options_, *environment, *destination);
  apply_semantic_conventions(*environment);
  apply_propagators(*environment);
  apply_log_level(*environment);
  (void)find_config_file(*environment);
  std::set<std::string, std::less<>> read = environment->names_read();
  read.insert("SEGUE_ENV_FILE");  // read before there is a file's environment
  for (const VariableGroup& group : variable_groups()) {
    for (const Variable& variable : group.variables) {
      EXPECT_TRUE(read.contains(variable.name)) << variable.name;
      EXPECT_TRUE(variable.alias.empty() || read.contains(variable.alias)) << variable.alias;
    }
  }
}

TEST(Variables, EveryOtlpOneHasAFormForEachSignalAlone) {
  EXPECT_EQ(signal_form("OTEL_EXPORTER_OTLP_TIMEOUT", Signal::Traces), "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT");
  EXPECT_EQ(signal_form("OTEL_EXPORTER_OTLP_TIMEOUT", Signal::Metrics), "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT");
  EXPECT_EQ(signal_form("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", Signal::Traces), "");
  EXPECT_EQ(signal_form("OTEL_SERVICE_NAME", Signal::Traces), "");
  EXPECT_TRUE(is_known_variable("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"));
  EXPECT_TRUE(is_known_variable("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"));
  EXPECT_FALSE(is_known_variable("OTEL_EXPORTER_OTLP_TRACES_PIGEON"));
}

}  // namespace
}  // namespace segue::detail
