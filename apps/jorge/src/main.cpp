// jorge: the lead, buyer and seller bots behind the CRM's webhook.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "bots/bot_graphs.h"
#include "bots/message_handler.h"
#include "segue/segue.h"
#include "text/log.h"
#include "text/text.h"
#include "tools/stop_signal.h"
#include "web/webhook_service.h"

namespace {

struct Configuration {
  jorge::HttpServerOptions http{.port = 8000};
  jorge::GhlClientOptions crm;
  jorge::WebhookOptions webhook;
  jorge::MessageHandlerOptions messages;
  std::string database = "jorge.db";
  std::int64_t handoff_freshness_seconds = 15 * 60;
};

void declare_options(CLI::App& app, Configuration& configuration) {
  app.add_option("--address", configuration.http.address, "Address to listen on")->capture_default_str();
  app.add_option("--port", configuration.http.port, "Port to listen on; 0 picks a free one and prints it")
      ->envname("JORGE_PORT")
      ->capture_default_str();
  app.add_option("--threads", configuration.http.worker_threads, "Messages handled at the same time")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--database", configuration.database, "SQLite file with the conversations; created if absent")
      ->envname("JORGE_DATABASE")
      ->capture_default_str();
  app.add_option("--ghl-url", configuration.crm.base_url, "Base URL of the GoHighLevel API")
      ->envname("GHL_URL")
      ->capture_default_str();
  app.add_option("--ghl-attempts", configuration.crm.attempts, "Tries per call to the CRM")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  app.add_flag("--send-replies", configuration.messages.sends_replies,
               "Send replies through the CRM too; without it they are only in the webhook's answer");
  const std::map<std::string, std::int64_t> units = {{"s", 1}, {"m", 60}, {"h", 3600}};
  app.add_option("--handoff-freshness", configuration.handoff_freshness_seconds,
                 "How long after a handoff the contact's messages continue its trace: seconds, or 90s, 15m, 24h")
      ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::CASE_INSENSITIVE))
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{365} * 86400))
      ->capture_default_str();
  app.footer(
      "Environment:\n"
      "  GHL_API_KEY           sent to the CRM as a bearer token\n"
      "  GHL_WEBHOOK_SECRET    if set, webhooks must carry X-GHL-Signature, the body's HMAC-SHA256 in hex\n"
      "  OTEL_ENABLED=true     switch tracing on; OTEL_EXPORTER_TYPE and OTEL_ENDPOINT say where to\n"
      "                        (the standard OTEL_* variables are understood as well)\n"
      "Try it:\n"
      "  jorge-ghl-stand-in --port 8001 &\n"
      "  jorge --ghl-url http://127.0.0.1:8001 &\n"
      "  jorge-play --url http://127.0.0.1:8000");
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The service's name in traces, unless the environment has another one.
std::optional<std::string> service_name() {
  if (!environment("OTEL_SERVICE_NAME").empty() ||
      jorge::contains(environment("OTEL_RESOURCE_ATTRIBUTES"), "service.name=")) {
    return std::nullopt;
  }
  return "jorge";
}

int fail(const segue::Error& error) {
  std::fprintf(stderr, "jorge: %s\n", error.message.c_str());
  return 1;
}

int run(const Configuration& configuration) {
  const jorge::StopSignal stop;
  if (auto tracing = segue::setup_observability({.service_name = service_name()}); !tracing) {
    jorge::log_warning("running without traces: " + tracing.error().message);
  }
  const jorge::Clock clock = [] { return std::chrono::system_clock::now(); };
  auto store = jorge::ConversationStore::open(configuration.database);
  if (!store) return fail(store.error());
  jorge::GhlClient crm(configuration.crm);
  jorge::HandoffService handoffs(**store, crm, clock);
  const auto graphs = jorge::BotGraphs::create(handoffs);
  if (!graphs) return fail(graphs.error());
  jorge::MessageHandler handler(**store, crm, handoffs, **graphs, clock, configuration.messages);
  jorge::WebhookService webhook(**store, handler, handoffs, configuration.webhook, clock);
  auto server = jorge::HttpServer::listen(configuration.http,
                                          [&](const jorge::HttpRequest& request) { return webhook.handle(request); });
  if (!server) return fail(server.error());
  std::printf("listening on %s:%d\n", configuration.http.address.c_str(), (*server)->port());
  std::fflush(stdout);
  stop.wait();
  (*server)->stop();
  if (!segue::shutdown_observability()) jorge::log_warning("the last spans could not be delivered");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Configuration configuration;
  CLI::App app("Jorge: real-estate bots that qualify leads, buyers and sellers, and hand them to one another.");
  declare_options(app, configuration);
  CLI11_PARSE(app, argc, argv);
  configuration.webhook.handoff_freshness = std::chrono::seconds(configuration.handoff_freshness_seconds);
  configuration.crm.api_key = environment("GHL_API_KEY");
  configuration.webhook.secret = environment("GHL_WEBHOOK_SECRET");
  return run(configuration);
}
