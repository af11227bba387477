// A stand-in for the CRM: keeps contacts' tags and a log of all requests in memory, and fails on demand.
//
//   GhlStandIn crm;
//   auto server = HttpServer::listen({}, [&](const HttpRequest& request) { return crm.handle(request); });
//
//   GET | POST | DELETE /contacts/{id}/tags     {"tags":["Buyer-Lead"]}; answers the contact's tags
//   PUT /contacts/{id}   POST /conversations/messages     accepted and logged
//   GET /_requests       every request so far, oldest first, the last 10000
//   POST /_faults        {"method":"DELETE","count":2,"status":503,"delay_ms":0}: what happens to the next ones
//
// Thread safety: all functions, from any thread. Errors: 400 and 404 with a JSON error, as the real one's.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "web/http_server.h"

namespace jorge {

class GhlStandIn {
 public:
  HttpResponse handle(const HttpRequest& request);

 private:
  /// What befalls the next `count` requests: a delay, and instead of the answer a status if that is not 0.
  struct Fault {
    std::string method;  ///< Only requests of this method; empty: any.
    int count = 0;
    unsigned status = 0;
    int delay_ms = 0;
  };

  struct LoggedRequest {
    std::string method;
    std::string path;
    std::string body;
    std::string traceparent;
    unsigned status = 0;
  };

  HttpResponse answer(const HttpRequest& request);
  HttpResponse answer_tags(const HttpRequest& request, const std::string& contact_id);
  HttpResponse set_fault(const HttpRequest& request);
  HttpResponse list_requests();
  Fault take_fault(std::string_view method);
  void log(const HttpRequest& request, unsigned status);

  std::mutex mutex_;
  std::map<std::string, std::set<std::string>> tags_;
  std::deque<LoggedRequest> requests_;
  std::deque<Fault> faults_;
};

}  // namespace jorge
