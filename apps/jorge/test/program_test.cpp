// The programs as they are shipped: started, talked to, stopped, started again.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "child_program.h"
#include "jorge_fixture.h"
#include "segue/base/random.h"

namespace jorge {
namespace {

using testing::HasSubstr;

class Programs : public testing::Test {
 protected:
  Programs()
      : directory_(std::filesystem::temp_directory_path() /
                   ("jorge_programs_" + std::to_string(segue::random_bits()))) {
    std::filesystem::create_directory(directory_);
  }
  ~Programs() override { std::filesystem::remove_all(directory_); }

  /// Starts Jorge on the test's database; `environment` goes through env(1), as "NAME=value".
  std::unique_ptr<ChildProgram> start_jorge(const std::string& crm_address, std::vector<std::string> environment = {}) {
    std::vector<std::string> command = {"/usr/bin/env"};
    command.insert(command.end(), environment.begin(), environment.end());
    for (const std::string& word :
         {std::string(JORGE_PROGRAM), std::string("--port"), std::string("0"), std::string("--database"),
          (directory_ / "jorge.db").string(), std::string("--ghl-url"), "http://" + crm_address}) {
      command.push_back(word);
    }
    return std::make_unique<ChildProgram>(std::move(command));
  }

  static Reply send(const std::string& address, const std::string& contact_id, const std::string& text) {
    const boost::json::object message{{"contactId", contact_id}, {"body", text}, {"direction", "inbound"}};
    return call_json({.method = "POST",
                      .url = "http://" + address + "/api/v1/webhooks/ghl",
                      .body = boost::json::serialize(message)});
  }

  std::filesystem::path directory_;
};

TEST_F(Programs, KeepTheConversationThroughARestart) {
  ChildProgram crm({JORGE_STAND_IN_PROGRAM, "--port", "0"});
  const std::string crm_address = crm.wait_for("listening on ");
  {
    auto jorge = start_jorge(crm_address);
    EXPECT_EQ(send(jorge->wait_for("listening on "), "c", buyer_text).text("handoff.outcome"), "executed");
    EXPECT_EQ(jorge->stop(), 0) << "SIGTERM is a clean end";
  }
  auto jorge = start_jorge(crm_address);
  const Reply reply = send(jorge->wait_for("listening on "), "c", "Three bedrooms");
  EXPECT_EQ(reply.text("bot"), "buyer_bot");
  EXPECT_THAT(reply.text("message"), HasSubstr("When would you"));
  EXPECT_EQ(jorge->stop(), 0);
  EXPECT_EQ(crm.stop(), 0);
}

TEST_F(Programs, PlayTheDemoConversations) {
  ChildProgram crm({JORGE_STAND_IN_PROGRAM, "--port", "0"});
  auto jorge = start_jorge(crm.wait_for("listening on "));
  ChildProgram play({JORGE_PLAY_PROGRAM, "--url", "http://" + jorge->wait_for("listening on ")});
  const std::string output = play.read_all();
  EXPECT_EQ(play.wait(), 0) << output;
  EXPECT_THAT(output, HasSubstr("(handoff lead to buyer: executed)"));
  EXPECT_THAT(output, HasSubstr("(handoff lead to seller: executed)"));
  EXPECT_THAT(output, HasSubstr("(handoff buyer to seller: executed)"));
  EXPECT_THAT(output, HasSubstr("contact> Hello! Just browsing"));
  EXPECT_THAT(output, HasSubstr("lead_bot> "));
}

TEST_F(Programs, FailToPlayWhereNobodyAnswers) {
  ChildProgram play({JORGE_PLAY_PROGRAM, "--url", "http://127.0.0.1:1"});
  EXPECT_EQ(play.wait(), 1);
}

TEST_F(Programs, FlushTheirSpansOnSigterm) {
  ChildProgram crm({JORGE_STAND_IN_PROGRAM, "--port", "0"});
  auto jorge = start_jorge(crm.wait_for("listening on "),
                           {"OTEL_ENABLED=true", "OTEL_TRACES_EXPORTER=console", "OTEL_BSP_SCHEDULE_DELAY=600000"});
  EXPECT_EQ(send(jorge->wait_for("listening on "), "c", "Hello").status, 200);
  EXPECT_EQ(jorge->stop(), 0);
  EXPECT_THAT(jorge->read_all(), HasSubstr("lead_bot.qualify_intent"));
}

TEST_F(Programs, TakeTimesWithTheirUnit) {
  ChildProgram jorge(
      {JORGE_PROGRAM, "--port", "0", "--database", (directory_ / "jorge.db").string(), "--handoff-freshness", "15m"});
  EXPECT_NE(jorge.wait_for("listening on "), "");
  EXPECT_EQ(jorge.stop(), 0);
}

TEST_F(Programs, ExplainWhatIsWrongWhenTheyCannotStart) {
  ChildProgram jorge({JORGE_PROGRAM, "--port", "0", "--database", (directory_ / "absent" / "jorge.db").string()});
  EXPECT_EQ(jorge.wait(), 1);
  ChildProgram wrong({JORGE_PROGRAM, "--port", "many"});
  EXPECT_NE(wrong.wait(), 0);
  ChildProgram backwards({JORGE_PROGRAM, "--handoff-freshness", "-1"});
  EXPECT_NE(backwards.wait(), 0);
}

TEST_F(Programs, AgreeThatTheyGoOnWithoutACrm) {
  auto jorge = start_jorge("127.0.0.1:1");
  const Reply reply = send(jorge->wait_for("listening on "), "c", buyer_text);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.text("handoff.outcome"), "deferred");
  EXPECT_EQ(reply.text("bot"), "lead_bot");
}

}  // namespace
}  // namespace jorge
