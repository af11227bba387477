#include "web/webhook_service.h"

#include <boost/json.hpp>

#include "segue/http/server_span.h"
#include "segue/model/attributes.h"
#include "web/answer_json.h"
#include "web/ghl_payload.h"
#include "web/json_answers.h"
#include "web/request_trace.h"
#include "web/signature.h"

namespace jorge {
namespace {

using segue::Errc;
using segue::Error;
using segue::Result;

constexpr std::string_view webhook_path = "/api/v1/webhooks/ghl";
constexpr std::string_view webhook_alias = "/api/ghl/webhook";
constexpr std::string_view outcomes_path = "/api/v1/handoffs/outcomes";
constexpr std::string_view health_path = "/health";

struct ReportedOutcome {
  HandoffRoute route;
  bool successful = false;
};

Result<std::string> required_string(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) {
    return Error{Errc::InvalidArgument, std::string(key) + " must be a string"};
  }
  return std::string(value->get_string());
}

Result<Bot> required_bot(const boost::json::object& object, std::string_view key) {
  const auto name = required_string(object, key);
  if (!name) return name.error();
  if (const auto bot = bot_from_short_name(*name)) return *bot;
  return Error{Errc::InvalidArgument, std::string(key) + " must be lead, buyer or seller"};
}

/// {"source_bot", "target_bot", "outcome": "successful" | "failed" | "reverted" | "timeout"}
Result<ReportedOutcome> parse_outcome(std::string_view body) {
  boost::system::error_code failure;
  const boost::json::value value = boost::json::parse(body, failure);
  if (failure || !value.is_object()) return Error{Errc::InvalidArgument, "the body must be a JSON object"};
  const auto source = required_bot(value.get_object(), "source_bot");
  if (!source) return source.error();
  const auto target = required_bot(value.get_object(), "target_bot");
  if (!target) return target.error();
  const auto outcome = required_string(value.get_object(), "outcome");
  if (!outcome) return outcome.error();
  if (*outcome != "successful" && *outcome != "failed" && *outcome != "reverted" && *outcome != "timeout") {
    return Error{Errc::InvalidArgument, "outcome must be successful, failed, reverted or timeout"};
  }
  return ReportedOutcome{{*source, *target}, *outcome == "successful"};
}

/// The pattern that `path` matches, as spans name it; empty where there is none.
std::string_view route_of(std::string_view path) {
  for (const std::string_view route : {webhook_path, webhook_alias, outcomes_path}) {
    if (path == route) return route;
  }
  return {};
}

HttpResponse method_not_allowed(std::string_view allowed) {
  return error_answer(405, "invalid_argument", "use " + std::string(allowed) + " here");
}

}  // namespace

WebhookService::WebhookService(ConversationStore& store, MessageHandler& handler, HandoffService& handoffs,
                               WebhookOptions options, Clock clock)
    : store_(store), handler_(handler), handoffs_(handoffs), options_(std::move(options)), clock_(std::move(clock)) {}

HttpResponse WebhookService::handle(const HttpRequest& request) {
  const std::string_view path = request.path();
  if (path == health_path) {  // asked every few seconds: not worth a span
    return request.method == "GET" ? HttpResponse{.body = R"({"status":"ok"})"} : method_not_allowed("GET");
  }
  const std::string_view route = route_of(path);
  if (auto refusal = refuse(request, route)) {
    return traced(request, route, std::nullopt, [&](segue::Span&) { return std::move(*refusal); });
  }
  if (route == outcomes_path) {
    return traced(request, route, std::nullopt, [&](segue::Span&) { return handle_outcome(request); });
  }
  const auto message = parse_ghl_payload(request.body);
  if (!message) {
    return traced(request, route, std::nullopt, [&](segue::Span&) { return error_answer(message.error()); });
  }
  return handle_message(request, *message);
}

std::optional<HttpResponse> WebhookService::refuse(const HttpRequest& request, std::string_view route) const {
  if (route.empty()) return error_answer(404, "not_found", "there is no such page");
  if (request.method != "POST") return method_not_allowed("POST");
  if (!options_.secret.empty() && !is_signed_by(options_.secret, request.body, request.header("X-GHL-Signature"))) {
    return error_answer(401, "unauthenticated", "X-GHL-Signature is missing or wrong");
  }
  return std::nullopt;
}

HttpResponse WebhookService::handle_message(const HttpRequest& request, const InboundMessage& message) {
  const auto lock = contact_locks_.hold(message.contact_id);
  auto conversation = store_.load(message.contact_id);
  const auto handoff = conversation ? conversation->handoff_trace : std::nullopt;
  return traced(request, route_of(request.path()), handoff, [&](segue::Span& span) {
    span.set(segue::attributes::workflow_contact_id, message.contact_id);
    if (!conversation) return error_answer(conversation.error());
    const auto answer = handler_.handle(message, std::move(*conversation));
    return answer ? HttpResponse{.body = to_json(*answer)} : error_answer(answer.error());
  });
}

HttpResponse WebhookService::traced(const HttpRequest& request, std::string_view route,
                                    const std::optional<HandoffTrace>& handoff,
                                    const std::function<HttpResponse(segue::Span&)>& work) const {
  segue::ScopedSpan span = start_request_span(request, route, handoff, {options_.handoff_freshness, clock_()});
  try {
    HttpResponse response = work(span);
    segue::finish_server_span(span, static_cast<int>(response.status));
    return response;
  } catch (const std::exception& exception) {
    segue::finish_server_span(span, 500, exception);
    throw;
  }
}

HttpResponse WebhookService::handle_outcome(const HttpRequest& request) {
  const auto outcome = parse_outcome(request.body);
  if (!outcome) return error_answer(outcome.error());
  if (auto recorded = handoffs_.record_outcome(outcome->route, outcome->successful); !recorded) {
    return error_answer(recorded.error());
  }
  return {.body = R"({"success":true})"};
}

}  // namespace jorge
