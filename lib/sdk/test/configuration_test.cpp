#include "configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "env_file.h"
#include "resource.h"
#include "sdk_test_support.h"
#include "segue/workflow/semantic_conventions.h"

namespace segue::detail {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

class Configuration : public test::SdkTest {
 protected:
  std::string resource(std::string_view key, const TextPairs& vendor = {}) {
    for (const auto& [known, value] : detect_resource(options_, Environment(), vendor).texts) {
      if (known == key) return value;
    }
    return {};
  }
  std::string sampler() { return choose_sampler(options_, Environment())->description(); }
};

TEST_F(Configuration, TheStandardSwitchWinsOverItsAliasAndTheArgumentOverBoth) {
  const Environment environment;
  EXPECT_FALSE(is_enabled(options_, environment));
  set("OTEL_ENABLED", "TRUE");
  EXPECT_TRUE(is_enabled(options_, environment));
  set("OTEL_SDK_DISABLED", "true");
  EXPECT_FALSE(is_enabled(options_, environment));
  set("OTEL_SDK_DISABLED", "no");
  EXPECT_TRUE(is_enabled(options_, environment));
  EXPECT_THAT(log_, HasSubstr("OTEL_SDK_DISABLED: 'no' is not usable; it counts as false"));
  options_.enabled = false;
  EXPECT_FALSE(is_enabled(options_, environment));
}

TEST_F(Configuration, TheServiceNameComesFromArgumentVariableResourceListVendorOrProgram) {
  EXPECT_THAT(resource("service.name"), HasSubstr("unknown_service:"));
  EXPECT_EQ(resource("service.name", {{"service.name", "vendor"}}), "vendor");
  set("OTEL_RESOURCE_ATTRIBUTES", "service.name=from%20list,team=bots");
  EXPECT_EQ(resource("service.name", {{"service.name", "vendor"}}), "from list");
  EXPECT_EQ(resource("team"), "bots");
  set("OTEL_SERVICE_NAME", "variable");
  EXPECT_EQ(resource("service.name"), "variable");
  options_.resource_attributes = {{"service.name", "attribute"}, {"service.version", "1.4.0"}};
  EXPECT_EQ(resource("service.name"), "attribute");
  EXPECT_EQ(resource("service.version"), "1.4.0");
  options_.service_name = "argument";
  EXPECT_EQ(resource("service.name"), "argument");
}

TEST_F(Configuration, TheResourceDescribesProcessHostAndLibrary) {
  EXPECT_EQ(resource("telemetry.sdk.name"), "segue");
  EXPECT_EQ(resource("telemetry.sdk.language"), "cpp");
  EXPECT_EQ(resource("process.executable.path"), std::filesystem::read_symlink("/proc/self/exe").string());
  EXPECT_EQ(resource("os.type"), "linux");
  EXPECT_FALSE(resource("host.name").empty());
  EXPECT_EQ(resource("service.instance.id").size(), 36U);
  EXPECT_NE(resource("service.instance.id"), resource("service.instance.id"));
  EXPECT_EQ(detect_resource(options_, Environment(), {}).process_id, getpid());
  EXPECT_TRUE(resource("deployment.environment").empty());
  set("ENVIRONMENT", "staging");
  EXPECT_EQ(resource("deployment.environment"), "staging");
  EXPECT_EQ(resource("deployment.environment.name"), "staging");
}

TEST_F(Configuration, AChildOfAForkIsAnotherInstance) {
  Resource parent = detect_resource(options_, Environment(), {});
  Resource child = parent;
  child.process_id = 0;
  become_child(child);
  EXPECT_EQ(child.process_id, getpid());
  EXPECT_EQ(child.texts.size(), parent.texts.size());
  EXPECT_NE(child.texts, parent.texts);
}

TEST_F(Configuration, SamplersAreKnownByName) {
  EXPECT_EQ(sampler(), "ParentBased{AlwaysOnSampler}");
  const std::pair<const char*, const char*> cases[] = {
      {"always_on", "AlwaysOnSampler"},
      {"Always_Off", "AlwaysOffSampler"},
      {"parentbased_always_off", "ParentBased{AlwaysOffSampler}"},
      {"traceidratio", "TraceIdRatioBased{0.250000}"},
      {"parentbased_traceidratio", "ParentBased{TraceIdRatioBased{0.250000}}"}};
  set("OTEL_TRACES_SAMPLER_ARG", "0.25");
  for (const auto& [name, description] : cases) {
    set("OTEL_TRACES_SAMPLER", name);
    EXPECT_EQ(sampler(), description);
  }
  EXPECT_EQ(log_, "");
}

TEST_F(Configuration, NonsenseIsReportedAndTheDefaultUsed) {
  set("OTEL_BSP_SCHEDULE_DELAY", "soon");
  EXPECT_EQ(read_batch_options(options_, Environment()).schedule_delay, std::chrono::seconds(5));
  EXPECT_THAT(log_, HasSubstr("OTEL_BSP_SCHEDULE_DELAY: 'soon' is not usable; using 5000"));
  set("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0");
  EXPECT_EQ(read_batch_options(options_, Environment()).max_batch_spans, 512U);
  EXPECT_THAT(log_, HasSubstr("OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '0'"));
  set("OTEL_TRACES_SAMPLER", "sometimes");
  EXPECT_EQ(sampler(), "ParentBased{AlwaysOnSampler}");
  EXPECT_THAT(log_, HasSubstr("OTEL_TRACES_SAMPLER: 'sometimes'"));
  set("OTEL_TRACES_SAMPLER", "traceidratio");
  set("OTEL_TRACES_SAMPLER_ARG", "1.5");
  EXPECT_EQ(sampler(), "TraceIdRatioBased{1.000000}");
  EXPECT_THAT(log_, HasSubstr("OTEL_TRACES_SAMPLER_ARG: '1.5'"));
  set("OTEL_LOG_LEVEL", "chatty");
  apply_log_level(Environment());
  EXPECT_THAT(log_, HasSubstr("OTEL_LOG_LEVEL: 'chatty'"));
  set("OTEL_PROPAGATORS", "tracecontext,pigeon");
  apply_propagators(Environment());
  EXPECT_THAT(log_, HasSubstr("OTEL_PROPAGATORS"));
}

TEST_F(Configuration, TheSpoolHasAFolderAndALimit) {
  set("SEGUE_SPOOL_MAX_BYTES", "1048576");
  EXPECT_FALSE(read_batch_options(options_, Environment()).spool);
  set("SEGUE_SPOOL_FOLDER", "/var/spool/bots");
  const BatchOptions batch = read_batch_options(options_, Environment());
  ASSERT_TRUE(batch.spool);
  EXPECT_EQ(batch.spool->folder, "/var/spool/bots");
  EXPECT_EQ(batch.spool->max_bytes, 1'048'576U);
  options_.spool_folder = "/tmp/other";
  EXPECT_EQ(read_batch_options(options_, Environment()).spool->folder, "/tmp/other");
}

TEST_F(Configuration, TheBatchFollowsItsVariables) {
  set("OTEL_BSP_SCHEDULE_DELAY", "100");
  set("OTEL_BSP_EXPORT_TIMEOUT", "200");
  set("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "300");
  set("OTEL_BSP_MAX_QUEUE_SIZE", "400");
  const BatchOptions batch = read_batch_options(options_, Environment());
  EXPECT_EQ(batch.schedule_delay, std::chrono::milliseconds(100));
  EXPECT_EQ(batch.export_timeout, std::chrono::milliseconds(200));
  EXPECT_EQ(batch.max_batch_spans, 300U);
  EXPECT_EQ(read_max_queue_spans(Environment()), 400U);
}

TEST_F(Configuration, ExperimentalConventionsAreAskedForByName) {
  apply_semantic_conventions(Environment());
  EXPECT_EQ(semantic_conventions(), SemanticConventions::Stable);
  set("OTEL_SEMCONV_STABILITY_OPT_IN", "http, gen_ai_latest_experimental");
  apply_semantic_conventions(Environment());
  EXPECT_EQ(semantic_conventions(), SemanticConventions::Experimental);
  set_semantic_conventions(SemanticConventions::Stable);
}

TEST_F(Configuration, EmptyCountsAsUnset) {
  set("OTEL_SERVICE_NAME", "  ");
  EXPECT_FALSE(Environment().text("OTEL_SERVICE_NAME"));
}

TEST_F(Configuration, LimitsComeFromTheirVariables) {
  set("OTEL_ATTRIBUTE_COUNT_LIMIT", "9");
  EXPECT_EQ(read_limits(Environment()).max_attributes, 9U);
  set("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "7");
  set("OTEL_SPAN_EVENT_COUNT_LIMIT", "6");
  set("OTEL_SPAN_LINK_COUNT_LIMIT", "5");
  set("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "4");
  set("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "3");
  set("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2");
  const SpanLimits limits = read_limits(Environment());
  EXPECT_EQ(limits.max_attributes, 7U);
  EXPECT_EQ(limits.max_events, 6U);
  EXPECT_EQ(limits.max_links, 5U);
  EXPECT_EQ(limits.max_event_attributes, 4U);
  EXPECT_EQ(limits.max_link_attributes, 3U);
  EXPECT_EQ(limits.max_value_length, 2U);
}

TEST(EnvFile, IsReadAsShellsAndPeopleWriteIt) {
  const auto file = parse_env_file(
      "# comment\n\n  export A = one two # more\nB='# $X \\n'\r\nC=\"two\\n\\\"lines\\\"\" # "
      "end\nD=\nE=#\nF=a#b\nA=last");
  ASSERT_TRUE(file);
  EXPECT_THAT(*file, UnorderedElementsAre(Pair("A", "last"), Pair("B", "# $X \\n"), Pair("C", "two\n\"lines\""),
                                          Pair("D", ""), Pair("E", ""), Pair("F", "a#b")));
}

TEST(EnvFile, SaysWhichLineIsWrong) {
  for (const char* line : {"no equals", "1A=x", "A=\"open", "A='x' y", "=x", "A B=x"}) {
    const auto file = parse_env_file(std::string("OK=1\n") + line);
    ASSERT_FALSE(file) << line;
    EXPECT_EQ(file.error().message, "line 2 is not NAME=value");
  }
}

TEST_F(Configuration, AnEnvFileStandsInForWhatIsUnset) {
  const std::string path = testing::TempDir() + "segue_configuration_test.env";
  std::ofstream(path) << "OTEL_SERVICE_NAME=from file\nENVIRONMENT=file\n";
  set("ENVIRONMENT", "process");
  options_.env_file = path;
  const auto environment = load_environment(options_);
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->text("OTEL_SERVICE_NAME"), "from file");
  EXPECT_EQ(environment->text("ENVIRONMENT"), "process");
  options_.env_file.reset();
  set("SEGUE_ENV_FILE", path);
  EXPECT_EQ(load_environment(options_)->text("OTEL_SERVICE_NAME"), "from file");
  std::ofstream(path, std::ios::trunc) << "nonsense\n";
  EXPECT_FALSE(load_environment(options_)->text("OTEL_SERVICE_NAME"));
  EXPECT_THAT(log_, HasSubstr("SEGUE_ENV_FILE: " + path + ": line 1 is not NAME=value; it is ignored"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace segue::detail
