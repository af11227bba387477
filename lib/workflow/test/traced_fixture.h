// A fixture that records what the default tracer's spans say, and gives them back decoded.
#pragma once

#include <string>
#include <vector>

#include "segue/workflow/redaction.h"
#include "segue/workflow/semantic_conventions.h"
#include "trace_test_support.h"

namespace segue {

class Traced : public testing::Test {
 public:
  ~Traced() override {
    set_default_tracer(Tracer());
    set_semantic_conventions(SemanticConventions::Stable);
    EXPECT_TRUE(set_redactor({}));
  }

 protected:
  explicit Traced(const TracerProviderOptions& options = {}) : provider(make_provider(options)) {
    set_default_tracer(provider.tracer("t"));
  }
  TracerProvider provider;
};

inline std::vector<std::string> strings_of(const SpanView& span, std::string_view key) {
  std::vector<std::string> strings;
  if (find_attribute(span.attributes, key) == nullptr) return strings;
  EXPECT_TRUE(otlp::for_each_element(value_of<ArrayView>(span, key), [&](const ValueView& element) {
    strings.emplace_back(std::get<std::string_view>(element));
  }));
  return strings;
}

inline std::string text_of(const SpanView& span, std::string_view key) {
  return std::string(find_string(span.attributes, key));
}

inline bool has(const SpanView& span, std::string_view key) { return find_attribute(span.attributes, key) != nullptr; }

}  // namespace segue
