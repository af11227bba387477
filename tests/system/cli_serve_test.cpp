// Starting and stopping the server: what can be in the way, and a clean end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "cli_run.h"
#include "segue/server/http/http_client.h"
#include "segue_server.h"
#include "temp_folder.h"

namespace segue::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string port_of(const std::string& url) { return url.substr(url.rfind(':') + 1); }

Ended serve(const std::filesystem::path& folder, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"serve", "--data", folder.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_segue(arguments);
}

void expect_failure(const Ended& ended, const std::vector<std::string>& words) {
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, HasSubstr("segue: "));
  for (const std::string& word : words) EXPECT_THAT(ended.output, HasSubstr(word));
}

TEST(CliServe, RefusesPortsThatAreTaken) {
  TempFolder first, second;
  SegueServer server(first.path());
  const std::string api_port = port_of(server.api_url());
  const std::string otlp_port = port_of(server.otlp_url());
  expect_failure(serve(second.path(), {"--port", api_port, "--otlp-port", "0"}),
                 {"web page and API", "--port", api_port});
  expect_failure(serve(second.path(), {"--port", "0", "--otlp-port", otlp_port}),
                 {"OTLP/HTTP", "--otlp-port", otlp_port});
}

TEST(CliServe, RefusesAFolderAnotherServerHasOpen) {
  TempFolder folder;
  SegueServer server(folder.path());
  expect_failure(serve(folder.path(), {"--port", "0", "--otlp-port", "0"}), {"--data", folder.path().string()});
  EXPECT_EQ(server::http_request({.url = server.api_url() + "/api/v1/health"}).value().status, 200U)
      << "the first is unharmed";
}

TEST(CliServe, RefusesAFolderThatCannotBe) {
  TempFolder folder;
  const std::filesystem::path file = folder.path() / "file";
  std::ofstream(file) << "not a folder";
  expect_failure(serve(file / "data", {"--port", "0", "--otlp-port", "0"}), {"--data", file.string()});
  expect_failure(serve("/proc/segue", {"--port", "0", "--otlp-port", "0"}), {"--data", "/proc/segue"});
}

TEST(CliServe, RefusesAnAddressThatIsNotOfThisMachine) {
  TempFolder folder;
  expect_failure(serve(folder.path(), {"--port", "0", "--otlp-port", "0", "--address", "192.0.2.1"}),
                 {"--address", "192.0.2.1"});
  expect_failure(serve(folder.path(), {"--port", "0", "--otlp-port", "0", "--address", "nowhere"}),
                 {"--address", "nowhere"});
}

TEST(CliServe, TakesTheFolderFromTheEnvironmentAndCreatesIt) {
  TempFolder folder;
  const std::filesystem::path data = folder.path() / "deep/traces";
  Program server({SEGUE_PROGRAM, "serve", "--port", "0", "--otlp-port", "0"}, {"SEGUE_DATA=" + data.string()});
  EXPECT_TRUE(server.wait_for_line("OTLP/HTTP: http://127.0.0.1:"));
  EXPECT_TRUE(std::filesystem::is_directory(data));
  EXPECT_EQ(server.terminate(), 0);
}

TEST(CliServe, KeepsTracesInTheUsersDataFolderUnlessToldOtherwise) {
  TempFolder home;
  Program server({SEGUE_PROGRAM, "serve", "--port", "0", "--otlp-port", "0"},
                 {"HOME=" + home.path().string(), "XDG_DATA_HOME=", "SEGUE_DATA="});
  EXPECT_TRUE(server.wait_for_line("OTLP/HTTP: "));
  EXPECT_TRUE(std::filesystem::is_directory(home.path() / ".local/share/segue"));
  EXPECT_EQ(server.terminate(), 0);
}

TEST(CliServe, EndsCleanlyOnEitherSignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    TempFolder folder;
    SegueServer server(folder.path());
    ::kill(server.program().pid(), signal);
    EXPECT_EQ(server.program().wait(), 0);
    EXPECT_FALSE(server::http_request({.url = server.api_url() + "/api/v1/health"})) << "nobody listens any more";
  }
}

TEST(CliServe, SaysNothingButItsAddressesOnStandardOutput) {
  TempFolder folder;
  SegueServer server(folder.path());
  server.program().terminate();
  EXPECT_EQ(server.program().output(),
            "web page and API: " + server.api_url() + "\nOTLP/HTTP: " + server.otlp_url() + "\n");
}

}  // namespace
}  // namespace segue::test
