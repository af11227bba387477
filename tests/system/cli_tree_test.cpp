// Spans sent over OTLP/JSON, printed as trees by the command line, before and after a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli_run.h"
#include "golden.h"
#include "segue/server/http/http_client.h"
#include "segue_server.h"
#include "temp_folder.h"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

const std::string trace = "7f8a9b2c3d4e5f607182930a4b5c6d7e";
const std::string contact = "contact_7Qm2xVd9";

void send(const SegueServer& server, const std::string& otlp_json) {
  const auto answer = server::http_request({.method = "POST",
                                            .url = server.otlp_url() + "/v1/traces",
                                            .headers = {{"Content-Type", "application/json"}},
                                            .body = otlp_json});
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ(answer->status, 200U) << answer->body;
}

void expect_trees(const SegueServer& server) {
  const Ended one = run_segue({"trace", trace, "--server", server.api_url()});
  EXPECT_EQ(one.code, 0);
  expect_golden(mask_times(one.output), "lead_to_buyer.trace.txt");
  const Ended journey = run_segue({"journey", contact}, {"SEGUE_SERVER=" + server.api_url()});
  EXPECT_EQ(journey.code, 0);
  expect_golden(mask_times(journey.output), "lead_to_buyer.journey.txt");
}

TEST(CliTree, PrintsTracesAndJourneysAlsoAfterARestart) {
  TempFolder folder;
  {
    SegueServer server(folder.path());
    send(server, read_golden("lead_to_buyer.otlp.json"));
    expect_trees(server);
    EXPECT_EQ(server.program().terminate(), 0);
  }
  SegueServer again(folder.path());
  expect_trees(again);
}

TEST(CliTree, FindsAContactWhateverItsIdIsMadeOf) {
  TempFolder folder;
  SegueServer server(folder.path());
  const std::string strange = "Jörg & Söhne/50 %?#+";
  send(server, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"000000000000000000000000000000aa",)"
               R"("spanId":"00000000000000aa","name":"lead_bot.greet","startTimeUnixNano":"1","endTimeUnixNano":"2",)"
               R"("attributes":[{"key":"workflow.contact_id","value":{"stringValue":")" +
                   strange + R"("}}]}]}]}]})");
  const Ended ended = run_segue({"journey", strange, "--server", server.api_url()});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.output, HasSubstr("Contact: " + strange + "\n"));
}

TEST(CliTree, EndsWithOneForWhatIsNotThere) {
  TempFolder folder;
  SegueServer server(folder.path());
  const Ended no_trace = run_segue({"trace", trace, "--server", server.api_url()});
  EXPECT_EQ(no_trace.code, 1);
  EXPECT_THAT(no_trace.output, HasSubstr(trace));
  const Ended no_journey = run_segue({"journey", "nobody", "--server", server.api_url()});
  EXPECT_EQ(no_journey.code, 1);
  EXPECT_THAT(no_journey.output, HasSubstr("no journey of contact \"nobody\""));
}

TEST(CliTree, WondersAboutAServerThatIsNotSegue) {
  TempFolder folder;
  SegueServer server(folder.path());
  const Ended ended = run_segue({"trace", trace, "--server", server.otlp_url()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, HasSubstr("is this a Segue server?"));
}

}  // namespace
}  // namespace segue::test
