// Jorge's HTTP routes, over the message handler.
//
//   WebhookService service(store, handler, handoffs, {.secret = secret}, clock);
//   auto server = HttpServer::listen({.port = 8000}, [&](const HttpRequest& r) { return service.handle(r); });
//
//   POST /api/v1/webhooks/ghl   (also /api/ghl/webhook)   one message of a contact
//   POST /api/v1/handoffs/outcomes                        how a handoff turned out
//   GET  /health
//
// Thread safety: all functions, from any thread; messages of one contact wait for one another.
// Errors: answered as {"error":{"code","message"}} with a fitting status, and marked on the request's span.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bots/message_handler.h"
#include "conversation/contact_locks.h"
#include "handoff/handoff_service.h"
#include "segue/trace/span.h"
#include "store/conversation_store.h"
#include "web/http_server.h"

namespace jorge {

struct WebhookOptions {
  /// The secret the CRM signs webhooks with; empty: signatures are not checked.
  std::string secret = {};
  /// How long after a handoff the contact's messages continue its trace; later ones only link to it.
  std::chrono::seconds handoff_freshness{std::chrono::minutes(15)};
};

class WebhookService {
 public:
  WebhookService(ConversationStore& store, MessageHandler& handler, HandoffService& handoffs, WebhookOptions options,
                 Clock clock);

  HttpResponse handle(const HttpRequest& request);

 private:
  /// The answer to a request that is not even looked into, if it is one.
  std::optional<HttpResponse> refuse(const HttpRequest& request, std::string_view route) const;
  HttpResponse handle_message(const HttpRequest& request, const InboundMessage& message);
  HttpResponse handle_outcome(const HttpRequest& request);

  /// Runs `work` under the request's span, which gets the answer's status.
  HttpResponse traced(const HttpRequest& request, std::string_view route, const std::optional<HandoffTrace>& handoff,
                      const std::function<HttpResponse(segue::Span&)>& work) const;

  ConversationStore& store_;
  MessageHandler& handler_;
  HandoffService& handoffs_;
  WebhookOptions options_;
  Clock clock_;
  ContactLocks contact_locks_;
};

}  // namespace jorge
