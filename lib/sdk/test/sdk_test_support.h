// Sets environment variables for one test, and hears what the library logs about them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "segue/base/log.h"
#include "segue/sdk/observability.h"

namespace segue::test {

class SdkTest : public testing::Test {
 protected:
  SdkTest() {
    set_log_hook([this](LogLevel, std::string_view line) { log_ += std::string(line) + "\n"; });
  }
  ~SdkTest() override {
    (void)shutdown_observability();
    set_log_hook({});
    set_log_level(LogLevel::Warning);
    for (const auto& name : set_) unsetenv(name.c_str());
  }
  void set(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }

  ObservabilityOptions options_;
  std::string log_;

 private:
  std::vector<std::string> set_;
};

}  // namespace segue::test
