// A whole Jorge in the test's own process: store, CRM stand-in and webhook, on free ports, with a clock to turn.
//
//   JorgeFixture jorge;
//   const Reply reply = jorge.send("c-1", "I want to buy ...");
//   EXPECT_EQ(reply.text("bot"), "buyer_bot");
//
// Thread safety: `send` from any thread, each with its own fixture client. Errors: end the test.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "bots/bot_graphs.h"
#include "bots/message_handler.h"
#include "crm/http_client.h"
#include "tools/ghl_stand_in.h"
#include "web/webhook_service.h"

namespace jorge {

/// An answer as JSON.
struct Reply {
  long status = 0;
  boost::json::object body;

  /// The string at `key`, or at `outer.key`; empty where there is none.
  std::string text(std::string_view key) const {
    const auto dot = key.find('.');
    const boost::json::object* object = &body;
    if (dot != std::string_view::npos) {
      const boost::json::value* outer = body.if_contains(key.substr(0, dot));
      if (outer == nullptr || !outer->is_object()) return {};
      object = &outer->get_object();
      key.remove_prefix(dot + 1);
    }
    const boost::json::value* value = object->if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  }
};

inline std::size_t append_answer(const char* bytes, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(bytes, size * count);
  return size * count;
}

/// One request with a JSON answer. Through libcurl itself: a traced client would add spans of its own.
inline Reply call_json(const HttpCall& call) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), &curl_easy_cleanup);
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, &curl_slist_free_all);
  for (const std::string& header : call.headers) {
    headers.reset(curl_slist_append(headers.release(), header.c_str()));
  }
  std::string answer;
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, append_answer);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer);
  if (call.method == "POST") {
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body.size()));
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, call.body.c_str());
  }
  if (const CURLcode code = curl_easy_perform(easy.get()); code != CURLE_OK) {
    ADD_FAILURE() << curl_easy_strerror(code);
    return {};
  }
  Reply reply;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &reply.status);
  boost::system::error_code failure;
  boost::json::value body = boost::json::parse(answer, failure);
  if (failure || !body.is_object()) {
    ADD_FAILURE() << "not a JSON object: " << answer;
    return reply;
  }
  reply.body = std::move(body.get_object());
  return reply;
}

struct JorgeFixtureOptions {
  std::string database = ":memory:";
  WebhookOptions webhook = {};
  MessageHandlerOptions messages = {};
  int crm_attempts = 1;
};

class JorgeFixture {
 public:
  explicit JorgeFixture(JorgeFixtureOptions options = {}) {
    crm_server_ =
        HttpServer::listen({}, [this](const HttpRequest& request) { return stand_in_.handle(request); }).value();
    crm_ = std::make_unique<GhlClient>(GhlClientOptions{.base_url = crm_url(),
                                                        .timeout = std::chrono::seconds(30),
                                                        .attempts = options.crm_attempts,
                                                        .first_backoff = std::chrono::milliseconds(1)});
    store_ = ConversationStore::open(options.database).value();
    handoffs_ = std::make_unique<HandoffService>(*store_, *crm_, clock());
    graphs_ = BotGraphs::create(*handoffs_).value();
    handler_ = std::make_unique<MessageHandler>(*store_, *crm_, *handoffs_, *graphs_, clock(), options.messages);
    webhook_ = std::make_unique<WebhookService>(*store_, *handler_, *handoffs_, options.webhook, clock());
    server_ = HttpServer::listen({}, [this](const HttpRequest& request) { return webhook_->handle(request); }).value();
  }

  ~JorgeFixture() {
    server_->stop();
    crm_server_->stop();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  std::string crm_url() const { return "http://127.0.0.1:" + std::to_string(crm_server_->port()); }
  ConversationStore& store() { return *store_; }
  HandoffService& handoffs() { return *handoffs_; }

  /// The clock all parts of Jorge go by.
  Clock clock() {
    return [this] { return std::chrono::system_clock::now() + std::chrono::seconds(offset_seconds_.load()); };
  }
  void advance(std::chrono::seconds time) { offset_seconds_ += time.count(); }

  Reply post(const std::string& path, const std::string& body, std::vector<std::string> headers = {}) {
    return call_json({.method = "POST", .url = url() + path, .body = body, .headers = std::move(headers)});
  }

  /// One inbound message through the webhook.
  Reply send(const std::string& contact_id, const std::string& text, std::vector<std::string> headers = {}) {
    const boost::json::object message{{"type", "SMS"}, {"body", text}, {"direction", "inbound"}};
    return post("/api/v1/webhooks/ghl",
                boost::json::serialize(
                    boost::json::object{{"type", "InboundMessage"}, {"contactId", contact_id}, {"message", message}}),
                std::move(headers));
  }

  /// Lets the CRM's next `count` requests of `method` fail with `status`.
  void break_crm(const std::string& method, int count, int status) {
    const boost::json::object fault{{"method", method}, {"count", count}, {"status", status}};
    call_json({.method = "POST", .url = crm_url() + "/_faults", .body = boost::json::serialize(fault)});
  }

  /// What the CRM was asked so far, as "METHOD path body".
  std::vector<std::string> crm_requests() {
    std::vector<std::string> lines;
    const Reply list = call_json({.method = "GET", .url = crm_url() + "/_requests"});
    for (const boost::json::value& request : list.body.at("requests").as_array()) {
      const boost::json::object& fields = request.as_object();
      lines.push_back(std::string(fields.at("method").as_string()) + " " + std::string(fields.at("path").as_string()) +
                      " " + std::string(fields.at("body").as_string()));
    }
    return lines;
  }

 private:
  std::atomic<std::int64_t> offset_seconds_ = 0;
  GhlStandIn stand_in_;
  std::unique_ptr<HttpServer> crm_server_;
  std::unique_ptr<GhlClient> crm_;
  std::unique_ptr<ConversationStore> store_;
  std::unique_ptr<HandoffService> handoffs_;
  std::unique_ptr<BotGraphs> graphs_;
  std::unique_ptr<MessageHandler> handler_;
  std::unique_ptr<WebhookService> webhook_;
  std::unique_ptr<HttpServer> server_;
};

inline const std::string buyer_text = "I want to buy a home, we are pre-approved and our budget is $500k";
inline const std::string seller_text = "I need to sell my house first, what's my home worth? Send a CMA";

}  // namespace jorge
