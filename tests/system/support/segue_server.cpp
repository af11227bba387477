#include "segue_server.h"

#include <gtest/gtest.h>

namespace segue::test {
namespace {

std::vector<std::string> serve_command(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {SEGUE_PROGRAM, "serve", "--data",      folder.string(),
                                      "--port",      "0",     "--otlp-port", "0"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

SegueServer::SegueServer(const std::filesystem::path& folder, const std::vector<std::string>& arguments)
    : program_(serve_command(folder, arguments)),
      api_url_(wait_for_url("web page and API: ")),
      otlp_url_(wait_for_url("OTLP/HTTP: ")) {}

std::string SegueServer::wait_for_url(std::string_view announcement) {
  std::string url = program_.wait_for_line(announcement).value_or("");
  EXPECT_TRUE(url.starts_with("http://")) << "segue serve did not become ready; it wrote: " << program_.output();
  while (url.ends_with('/') || url.ends_with(' ')) url.pop_back();
  return url;
}

}  // namespace segue::test
