#include "config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segue::detail {
namespace {

using testing::HasSubstr;

Result<FileConfiguration> read_text(const std::string& text) {
  return read_configuration(text, [](std::string_view) { return std::nullopt; });
}

struct Wrong {
  const char* text;
  const char* message;
};

void expect_errors(const std::vector<Wrong>& cases) {
  for (const auto& [text, message] : cases) {
    const auto configuration = read_text(text);
    ASSERT_FALSE(configuration) << text;
    EXPECT_EQ(configuration.error().message, message) << text;
  }
}

TEST(ConfigFileErrors, RefuseOtherFormats) {
  expect_errors({{"file_format: \"0.4\"", "line 1: file_format must be 1.0 or a later 1.x, not '0.4'"},
                 {"file_format: \"2.0\"", "line 1: file_format must be 1.0 or a later 1.x, not '2.0'"},
                 {"file_format: 1.x", "line 1: file_format must be 1.0 or a later 1.x, not '1.x'"},
                 {"file_format: 1.0-beta", "line 1: file_format must be 1.0 or a later 1.x, not '1.0-beta'"},
                 {"disabled: true", "line 1: the file needs 'file_format'"},
                 {"", "line 1: the file needs 'file_format'"},
                 {"- 1.0", "line 1: the file must be a map"}});
}

// Every document is one that is right but for one value.
TEST(ConfigFileErrors, SayWhatIsWrongAndWhere) {
  expect_errors({
      {"file_format: 1.0\ndisabled: maybe", "line 2: disabled must be true or false, not 'maybe'"},
      {"file_format: 1.0\ndisabled: \"true\"", "line 2: disabled must be true or false, not 'true'"},
      {"file_format: 1.0\nlog_level: chatty",
       "line 2: log_level must be trace, debug, info, warn, error or fatal, each also with 2, 3 or 4, not 'chatty'"},
      {"file_format: 1.0\nlog_level: [info]", "line 2: log_level must be text"},
      {"file_format: 1.0\nresource: text", "line 2: resource must be a map"},
      {"file_format: 1.0\nresource:\n  attributes: {a: b}",
       "line 3: resource.attributes must be a list of at least one element"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - value: x", "line 4: resource.attributes[0] needs 'name'"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - name: x", "line 4: resource.attributes[0] needs 'value'"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: x, type: int}",
       "line 4: resource.attributes[0].value is not of type int"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: [1, 2.5], type: int_array}",
       "line 4: resource.attributes[0].value[1] is not of type int"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: [1], type: string}",
       "line 4: resource.attributes[0].value must be text"},
      {"file_format: 1.0\nresource:\n  attributes:\n    - {name: a, value: x, type: fancy}",
       "line 4: resource.attributes[0].type must be string, bool, int or double, or one of these with _array"},
      {"file_format: 1.0\nresource:\n  attributes_list: nonsense",
       "line 3: resource.attributes_list must be a list of key=value pairs with commas"},
      {"file_format: 1.0\npropagator:\n  composite: [{tracecontext: , baggage: }]",
       "line 3: propagator.composite[0] must be a map of exactly one key"},
      {"file_format: 1.0\ntracer_provider: {}", "line 2: tracer_provider needs 'processors'"},
      {"file_format: 1.0\ntracer_provider:\n  processors: []",
       "line 3: tracer_provider.processors must be a list of at least one element"},
      {"file_format: 1.0\ntracer_provider:\n  processors: [lazy: {}]",
       "line 3: tracer_provider.processors[0].lazy is no processor that Segue has: batch, simple"},
      {"file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        schedule_delay: soon",
       "line 4: tracer_provider.processors[0].batch needs 'exporter'"},
      {"file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        exporter: {console: }\n        "
       "schedule_delay: soon",
       "line 6: tracer_provider.processors[0].batch.schedule_delay must be a whole number from 0 to 3600000, not "
       "'soon'"},
      {"file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        exporter: {console: }\n        "
       "max_queue_size: 0",
       "line 6: tracer_provider.processors[0].batch.max_queue_size must be a whole number from 1 to 4294967295, not "
       "'0'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_count_limit: -1",
       "line 3: attribute_limits.attribute_count_limit must be a whole number from 0 to 4294967295, not '-1'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_count_limit: 4294967296",
       "line 3: attribute_limits.attribute_count_limit must be a whole number from 0 to 4294967295, not '4294967296'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_count_limit: \"5\"",
       "line 3: attribute_limits.attribute_count_limit must be a whole number from 0 to 4294967295, not '5'"},
      {"file_format: 1.0\nattribute_limits:\n  attribute_value_depth_limit: 65",
       "line 3: attribute_limits.attribute_value_depth_limit must be a whole number from 1 to 64, not '65'"},
      {"file_format: 1.0\ndistribution:\n  segue:\n    spool_max_bytes: 1",
       "line 4: distribution.segue.spool_max_bytes must be a whole number from 65536 to 1125899906842624, not '1'"},
      {"file_format: 1.0\nmeter_provider: {}", "line 2: meter_provider needs 'readers'"},
      {"file_format: ${1}", "line 1: '${1}' refers to no variable"},
  });
}

TEST(ConfigFileErrors, SayWhatIsWrongWithAnExporterAndWhere) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"fax: ", "fax is no exporter that Segue has: otlp_http, otlp_grpc, otlp_file/development, zipkin, console"},
      {"otlp_http: {compression: zstd}", "otlp_http.compression must be gzip or none, not 'zstd'"},
      {"otlp_http: {encoding: xml}", "otlp_http.encoding must be protobuf or json, not 'xml'"},
      {"otlp_http: {timeout: 3600001}", "otlp_http.timeout must be a whole number from 0 to 3600000, not '3600001'"},
      {"otlp_http: {endpoint: {a: b}}", "otlp_http.endpoint must be text"},
      {"otlp_http: {headers: [{name: a, value: [secret]}]}", "otlp_http.headers[0].value must be text"},
      {"otlp_http: {headers: [{value: secret}]}", "otlp_http.headers[0] needs 'name'"},
      {"otlp_http: {headers_list: secret}", "otlp_http.headers_list must be a list of name=value pairs with commas"},
      {"otlp_http: {tls: {ca_file: ca.pem}}", "otlp_http.tls.ca_file must be an absolute path"},
      {"otlp_grpc: {tls: {insecure: 1}}", "otlp_grpc.tls.insecure must be true or false, not '1'"},
      {"otlp_file/development: {output_stream: 'file://'}",
       "otlp_file/development.output_stream must be stdout or file:///path, not 'file://'"},
      {"zipkin: [x]", "zipkin must be a map"}};
  for (const auto& [text, problem] : cases) {
    const auto configuration =
        read_text("file_format: 1.0\ntracer_provider:\n  processors:\n    - batch:\n        exporter: {" +
                  std::string(text) + "}");
    ASSERT_FALSE(configuration) << text;
    EXPECT_EQ(configuration.error().message,
              "line 5: tracer_provider.processors[0].batch.exporter." + std::string(problem));
  }
}

TEST(ConfigFileErrors, SayWhatIsWrongWithASamplerAndWhere) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"{jaeger_remote/development: }",
       ".jaeger_remote/development is no sampler that Segue has: always_on, always_off, trace_id_ratio_based, "
       "parent_based, always_record, probability/development, composite/development"},
      {"{trace_id_ratio_based: {ratio: 1.5}}", ".trace_id_ratio_based.ratio must be a number from 0 to 1, not '1.5'"},
      {"{trace_id_ratio_based: {ratio: all}}", ".trace_id_ratio_based.ratio must be a number from 0 to 1, not 'all'"},
      {"{always_on: , always_off: }", " must be a map of exactly one key"},
      {"always_on", " must be a map of exactly one key"},
      {"{always_record: }", ".always_record needs 'root'"},
      {"{parent_based: {root: {parent_based: {root: 5}}}}",
       ".parent_based.root.parent_based.root must be a map of exactly one key"},
      {"{composite/development: {rule_based: {rules: [{parent: [far], sampler: {always_on: }}]}}}",
       ".composite/development.rule_based.rules[0].parent[0] must be none, remote or local"},
      {"{composite/development: {rule_based: {rules: [{span_kinds: [odd], sampler: {always_on: }}]}}}",
       ".composite/development.rule_based.rules[0].span_kinds[0] must be internal, server, client, producer or "
       "consumer"},
      {"{composite/development: {rule_based: {rules: [{attribute_values: {key: a, values: [b*]}, sampler: {always_on: "
       "}}]}}}",
       ".composite/development.rule_based.rules[0].attribute_values.values[0] must not contain * or ?"},
      {"{composite/development: {rule_based: {rules: [{attribute_patterns: {key: a, excluded: [b]}, sampler: "
       "{always_on: "
       "}}]}}}",
       ".composite/development.rule_based.rules[0].attribute_patterns.excluded is nothing that Segue's rules have"},
      {"{composite/development: {parent_threshold: }}", ".composite/development.parent_threshold needs 'root'"},
      {"{composite/development: {trace_id_ratio_based: }}",
       ".composite/development.trace_id_ratio_based is no composable sampler that Segue has: always_on, always_off, "
       "probability, parent_threshold, rule_based"}};
  for (const auto& [text, problem] : cases) {
    const auto configuration =
        read_text("file_format: 1.0\ntracer_provider:\n  processors: [simple: {exporter: {console: }}]\n  sampler: " +
                  std::string(text));
    ASSERT_FALSE(configuration) << text;
    EXPECT_EQ(configuration.error().message, "line 4: tracer_provider.sampler" + std::string(problem));
  }
}

TEST(ConfigFileLimits, BoundTheRulesOfASampler) {
  const auto with_values = [](int count) {
    std::string values = "0";
    for (int i = 1; i < count; ++i) values += "," + std::to_string(i);
    return read_text(
        "file_format: 1.0\ntracer_provider: {processors: [simple: {exporter: {console: }}], sampler: "
        "{composite/development: "
        "{rule_based: {rules: [{attribute_values: {key: a, values: [" +
        values + "]}, span_kinds: [client, server], sampler: {always_on: }}]}}}}");
  };
  EXPECT_TRUE(with_values(500));
  const auto more = with_values(501);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Errc::LimitExceeded);
  EXPECT_THAT(more.error().message, HasSubstr("rules[0] allows more than 1000 combinations"));
}

TEST(ConfigFileLimits, EndAtADepthOfSixtyFourLevels) {
  const auto nested = [](int samplers) {
    std::string text = "{always_on: }";
    for (int i = 0; i < samplers; ++i) text = "{parent_based: {root: " + text + "}}";
    return read_text(
        "file_format: 1.0\ntracer_provider: {processors: [simple: {exporter: {console: }}], sampler: " + text + "}");
  };
  EXPECT_TRUE(nested(30));
  const auto deep = nested(31);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, Errc::LimitExceeded);
  EXPECT_EQ(deep.error().message, "line 2: lists and maps are nested more than 64 levels deep");
}

}  // namespace
}  // namespace segue::detail
