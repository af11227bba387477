// A customer's journey from webhook to screen, across restarts of everything.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cli_run.h"
#include "golden.h"
#include "segue/model/ids.h"
#include "segue/server/http/http_client.h"
#include "segue_server.h"
#include "temp_folder.h"

namespace segue::test {
namespace {

const std::string contact = "maria-buyer";

// Jorge with its stand-in for the CRM, on a database that outlives them, tracing to a server.
class Jorge {
 public:
  Jorge(const std::filesystem::path& folder, const SegueServer& server, const std::string& freshness = "15m")
      : crm_({STAND_IN_PROGRAM, "--port", "0"}),
        jorge_({JORGE_PROGRAM, "--port", "0", "--database", (folder / "jorge.db").string(), "--ghl-url", address(crm_),
                "--handoff-freshness", freshness},
               {"OTEL_ENABLED=true", "OTEL_SERVICE_NAME=jorge", "OTEL_EXPORTER_OTLP_ENDPOINT=" + server.otlp_url()}),
        url_(address(jorge_)) {}

  void hear(const std::string& message) const {
    const auto answer = server::http_request({.method = "POST",
                                              .url = url_ + "/api/v1/webhooks/ghl",
                                              .headers = {{"Content-Type", "application/json"}},
                                              .body = R"({"type":"InboundMessage","contactId":")" + contact +
                                                      R"(","message":{"type":"SMS","direction":"inbound","body":")" +
                                                      message + R"("}})"});
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_EQ(answer->status, 200U) << answer->body;
  }

  /// Ends it in order: what it recorded is delivered before it is gone.
  int stop() { return jorge_.terminate(); }

 private:
  static std::string address(Program& program) {
    return "http://" + program.wait_for_line("listening on ").value_or("did not start");
  }

  Program crm_;
  Program jorge_;
  std::string url_;
};

std::string journey_of(const SegueServer& server) {
  const Ended ended = run_segue({"journey", contact, "--server", server.api_url()});
  EXPECT_EQ(ended.code, 0) << ended.output;
  return ended.output;
}

// Every trace id, which must be one, as "*".
std::string mask_ids(std::string tree) {
  const std::string label = "Trace ID: ";
  for (std::size_t at = tree.find(label); at != std::string::npos; at = tree.find(label, at + label.size())) {
    const auto id = TraceId::from_hex(tree.substr(at + label.size(), 2 * TraceId::byte_count));
    EXPECT_TRUE(id && id->is_valid()) << tree;
    tree.replace(at + label.size(), 2 * TraceId::byte_count, "*");
  }
  return tree;
}

// Runs the page's browser test where the Node.js tests are switched on.
void expect_page_shows_it(const SegueServer& server) {
  if (std::string_view(BROWSER_TEST).empty()) return;
  Program browser({"/usr/bin/env", "node", BROWSER_TEST},
                  {"SEGUE_URL=" + server.api_url(), "SEGUE_CONTACT=" + contact});
  EXPECT_EQ(browser.wait(), 0) << browser.output();
}

TEST(Journey, IsOneTraceFromTheWebhookThroughTheHandoffAndAfterRestarts) {
  TempFolder folder;
  {
    SegueServer server(folder.path());
    Jorge jorge(folder.path(), server);
    jorge.hear("I want to buy a house this summer. We are pre-approved and our budget is around $650k.");
    EXPECT_EQ(jorge.stop(), 0);
    expect_golden(mask_ids(mask_times(journey_of(server))), "jorge_first_webhook.journey.txt");
    EXPECT_EQ(server.program().terminate(), 0);
  }
  SegueServer server(folder.path());
  Jorge jorge(folder.path(), server);
  jorge.hear("Three bedroom would be perfect, plus a small yard for the dog.");
  EXPECT_EQ(jorge.stop(), 0);
  expect_golden(mask_ids(mask_times(journey_of(server))), "jorge_second_webhook.journey.txt");
  expect_page_shows_it(server);
}

TEST(Journey, GoesOnInALinkedTraceOnceTheHandoffIsNoLongerFresh) {
  TempFolder folder;
  SegueServer server(folder.path());
  Jorge jorge(folder.path(), server, "0s");
  jorge.hear("I want to buy a house this summer. We are pre-approved and our budget is around $650k.");
  jorge.hear("Three bedroom would be perfect, plus a small yard for the dog.");
  EXPECT_EQ(jorge.stop(), 0);
  expect_golden(mask_ids(mask_times(journey_of(server))), "jorge_stale_handoff.journey.txt");
}

}  // namespace
}  // namespace segue::test
