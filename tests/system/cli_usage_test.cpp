// What the program says to somebody who doesn't know it yet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli_run.h"

namespace segue::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(CliUsage, HelpNamesTheCommandsAndShowsExamples) {
  const Ended ended = run_segue({"--help"});
  EXPECT_EQ(ended.code, 0);
  for (const char* word :
       {"serve", "trace", "journey", "Examples:", "segue serve --data", "OTEL_EXPORTER_OTLP_ENDPOINT"}) {
    EXPECT_THAT(ended.output, HasSubstr(word));
  }
}

TEST(CliUsage, HelpOfServeTellsDefaultsAndVariables) {
  const Ended ended = run_segue({"serve", "--help"});
  EXPECT_EQ(ended.code, 0);
  for (const char* word : {"--data", "SEGUE_DATA", ".local/share/segue", "--address", "127.0.0.1", "--port", "16686",
                           "--otlp-port", "4318"}) {
    EXPECT_THAT(ended.output, HasSubstr(word));
  }
}

TEST(CliUsage, TellsItsVersion) {
  const Ended ended = run_segue({"--version"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.output, "segue 0.1.0\n");
}

TEST(CliUsage, EndsWithTwoWhenTheCommandLineMakesNoSense) {
  const std::vector<std::vector<std::string>> nonsense = {{},
                                                          {"sing"},
                                                          {"serve", "--port", "65536"},
                                                          {"serve", "--port", "many"},
                                                          {"serve", "--colour"},
                                                          {"trace"},
                                                          {"journey"},
                                                          {"trace", "xyz"},
                                                          {"trace", "00000000000000000000000000000000"}};
  for (const std::vector<std::string>& arguments : nonsense) {
    const Ended ended = run_segue(arguments);
    EXPECT_EQ(ended.code, 2) << ::testing::PrintToString(arguments) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("--help"));
  }
  EXPECT_THAT(run_segue({"trace", "xyz"}).output, HasSubstr("32 hexadecimal digits"));
}

TEST(CliUsage, SaysHowToStartAServerWhereThereIsNone) {
  // Port 9 is Discard; a server of ours can't be on it.
  for (const char* url : {"http://127.0.0.1:9", "127.0.0.1:9/"}) {
    const Ended ended = run_segue({"journey", "anna", "--server", url});
    EXPECT_EQ(ended.code, 1);
    EXPECT_THAT(ended.output, StartsWith("segue: no server at http://127.0.0.1:9 "));
    EXPECT_THAT(ended.output, HasSubstr("segue serve"));
  }
  const Ended ended = run_segue({"trace", "4bf92f3577b34da6a3ce929d0e0e4736"}, {"SEGUE_SERVER=http://127.0.0.1:9"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, HasSubstr("http://127.0.0.1:9"));
}

}  // namespace
}  // namespace segue::test
