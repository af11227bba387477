#include "segue/propagation/environment_carrier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "segue/propagation/propagator.h"
#include "segue/propagation/traceparent.h"
#include "segue/propagation/tracestate.h"

namespace segue {
namespace {

using ::testing::ElementsAre;

constexpr const char* traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Context full_context() {
  Context context{.span = *parse_traceparent(traceparent), .baggage = *Baggage().with("bot", "lead_bot")};
  context.span.trace_state = *parse_trace_state("rojo=1");
  return context;
}

/// What a shell prints that is started with `entries` as its environment.
std::string printed_by_child(std::string command, std::vector<std::string>& entries) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<std::string> arguments = {"sh", "-c", std::move(command)};
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, "/bin/sh", &actions, nullptr, c_strings(arguments).data(), c_strings(entries).data()),
            0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string text;
  char buffer[256];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(got));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return text;
}

TEST(EnvironmentCarrier, NamesFollowTheSpecification) {
  EXPECT_EQ(environment_name("traceparent"), "TRACEPARENT");
  EXPECT_EQ(environment_name("x-b3-traceid"), "X_B3_TRACEID");
  EXPECT_EQ(environment_name("a.B_9"), "A_B_9");
  EXPECT_EQ(environment_name("9lives"), "_9LIVES");
  EXPECT_EQ(environment_name(""), "");
}

TEST(EnvironmentCarrier, AChildProcessSeesWhatItsParentWrote) {
  std::vector<std::string> entries = {"KEPT=1"};
  Propagator().inject(full_context(), EnvironmentWriter(entries));
  EXPECT_EQ(printed_by_child("printf '%s|%s|%s|%s' \"$KEPT\" \"$TRACEPARENT\" \"$TRACESTATE\" \"$BAGGAGE\"", entries),
            std::string("1|") + traceparent + "|rojo=1|bot=lead_bot");
}

TEST(EnvironmentCarrier, AProcessReadsWhatItWasStartedWith) {
  ASSERT_EQ(setenv("TRACEPARENT", traceparent, 1), 0);
  ASSERT_EQ(setenv("TRACESTATE", "rojo=1", 1), 0);
  ASSERT_EQ(setenv("BAGGAGE", "bot=lead_bot", 1), 0);
  const Context context = Propagator().extract(EnvironmentReader());
  EXPECT_EQ(context.span.span_id, full_context().span.span_id);
  EXPECT_EQ(context.span.trace_state.header(), "rojo=1");
  EXPECT_EQ(context.baggage.get("bot"), "lead_bot");
  for (const char* name : {"TRACEPARENT", "TRACESTATE", "BAGGAGE"}) ASSERT_EQ(unsetenv(name), 0);
  EXPECT_FALSE(Propagator().extract(EnvironmentReader()).span.is_valid());
}

TEST(EnvironmentCarrier, AnInheritedContextIsReplaced) {
  std::vector<std::string> entries = {"TRACEPARENT=00-bad", "TRACEPARENTS=2", "BAGGAGE=old=1"};
  Propagator().inject({.span = *parse_traceparent(traceparent), .baggage = {}}, EnvironmentWriter(entries));
  EXPECT_THAT(entries, ElementsAre("TRACEPARENTS=2", "BAGGAGE=old=1", std::string("TRACEPARENT=") + traceparent));
}

TEST(EnvironmentCarrier, AChildStartsFromWhatIsInherited) {
  ASSERT_EQ(setenv("SEGUE_ENVIRONMENT_CARRIER_TEST", "yes", 1), 0);
  EXPECT_THAT(inherited_environment(), ::testing::Contains("SEGUE_ENVIRONMENT_CARRIER_TEST=yes"));
  ASSERT_EQ(unsetenv("SEGUE_ENVIRONMENT_CARRIER_TEST"), 0);
}

}  // namespace
}  // namespace segue
