// The CRM (GoHighLevel) as Jorge uses it: move tags, send a message.
//
//   GhlClient crm({.base_url = "https://services.leadconnectorhq.com", .api_key = key});
//   auto removed = crm.remove_tags(contact_id, {"Needs Qualifying"});
//   if (!removed) return removed.error().with_context("remove the source tag");
//
// Each call is one HTTP request and one client span that carries the trace on; a call that
// failed for a passing reason (no connection, 429, 5xx) is tried again, each try its own request and span.
// Thread safety: all functions, from any thread; connections are kept and shared.
// Errors: Unavailable or DeadlineExceeded when trying later may help, InvalidArgument or NotFound or
// Unauthenticated as the CRM said, Internal for an answer that makes no sense.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "crm/http_client.h"
#include "segue/base/result.h"

namespace jorge {

struct GhlClientOptions {
  /// Where the CRM answers, without a trailing slash.
  std::string base_url = "https://services.leadconnectorhq.com";
  /// Sent as a bearer token; empty: no Authorization header.
  std::string api_key = {};
  /// For one request, connecting included; a webhook waits this long for each try at most.
  std::chrono::milliseconds timeout{3000};
  /// Tries per call, at least 1. More ride out short outages but hold up the contact's webhook.
  int attempts = 3;
  /// The wait before the second try; it doubles with each further one.
  std::chrono::milliseconds first_backoff{500};
};

class GhlClient {
 public:
  explicit GhlClient(GhlClientOptions options);
  ~GhlClient();
  GhlClient(const GhlClient&) = delete;
  GhlClient& operator=(const GhlClient&) = delete;

  segue::Result<void> add_tags(std::string_view contact_id, const std::vector<std::string>& tags);
  segue::Result<void> remove_tags(std::string_view contact_id, const std::vector<std::string>& tags);

  /// Sends `text` to the contact as an SMS.
  segue::Result<void> send_message(std::string_view contact_id, std::string_view text);

 private:
  segue::Result<void> call(const HttpCall& request);
  segue::Result<void> call_once(const HttpCall& request);
  HttpCall tags_call(const char* method, std::string_view contact_id, const std::vector<std::string>& tags) const;
  std::unique_ptr<HttpClient> take_connection();
  void give_back(std::unique_ptr<HttpClient> connection);

  GhlClientOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<HttpClient>> idle_;
};

}  // namespace jorge
