#include "segue/curl/perform.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "segue/http/semantics.h"
#include "segue/model/attributes.h"
#include "segue/propagation/carrier.h"
#include "segue/trace/default_propagator.h"
#include "segue/trace/detail/attribute_list.h"
#include "segue/trace/tracer.h"

namespace segue {
namespace {

constexpr long first_client_error = 400;

/// The request's list with the context's fields in front, for the time of one transfer. The nodes of the request's own
/// list are shared, not copied.
class InjectedHeaders {
 public:
  explicit InjectedHeaders(curl_slist* own) : own_(own) {
    if (has_traceparent(own)) return;
    inject_current_context(StoreWriter([this](std::string_view key, std::string_view value) {
      std::string line;
      line.reserve(key.size() + 2 + value.size());
      line.append(key).append(": ").append(value);
      if (curl_slist* longer = curl_slist_append(injected_, line.c_str())) injected_ = longer;
    }));
    if (injected_ != nullptr) last_injected()->next = own_;
  }

  ~InjectedHeaders() {
    if (injected_ == nullptr) return;
    last_injected()->next = nullptr;
    curl_slist_free_all(injected_);
  }

  InjectedHeaders(const InjectedHeaders&) = delete;
  InjectedHeaders& operator=(const InjectedHeaders&) = delete;

  curl_slist* get() const noexcept { return injected_ != nullptr ? injected_ : own_; }

 private:
  static bool has_traceparent(const curl_slist* list) noexcept {
    constexpr std::string_view field = "traceparent:";
    for (; list != nullptr; list = list->next) {
      if (equal_ignoring_case(std::string_view(list->data).substr(0, field.size()), field)) return true;
    }
    return false;
  }

  /// The last node before the request's own.
  curl_slist* last_injected() const noexcept {
    curl_slist* node = injected_;
    while (node->next != nullptr && node->next != own_) node = node->next;
    return node;
  }

  curl_slist* own_;
  curl_slist* injected_ = nullptr;
};

template <class T>
T get_info(CURL* handle, CURLINFO info) noexcept {
  T value = {};
  curl_easy_getinfo(handle, info, &value);
  return value;
}

std::string_view get_text(CURL* handle, CURLINFO info) noexcept {
  const char* text = get_info<const char*>(handle, info);
  return text != nullptr ? text : std::string_view();
}

std::string_view protocol_version(long curl_version) noexcept {
  switch (curl_version) {
    case CURL_HTTP_VERSION_1_0: return "1.0";
    case CURL_HTTP_VERSION_1_1: return "1.1";
    case CURL_HTTP_VERSION_2_0: return "2";
    case CURL_HTTP_VERSION_3: return "3";
    default: return {};
  }
}

/// A short, stable word for why a transfer failed, for grouping.
std::string error_type_of(CURLcode code) {
  constexpr std::array<std::pair<CURLcode, std::string_view>, 8> words = {{
      {CURLE_OPERATION_TIMEDOUT, "timeout"},
      {CURLE_COULDNT_RESOLVE_HOST, "name_resolution_error"},
      {CURLE_COULDNT_CONNECT, "connection_error"},
      {CURLE_SEND_ERROR, "send_error"},
      {CURLE_RECV_ERROR, "receive_error"},
      {CURLE_GOT_NOTHING, "empty_answer"},
      {CURLE_SSL_CONNECT_ERROR, "tls_error"},
      {CURLE_PEER_FAILED_VERIFICATION, "tls_certificate_error"},
  }};
  const auto found = std::ranges::find(words, code, &std::pair<CURLcode, std::string_view>::first);
  return found != words.end() ? std::string(found->second) : "curl_" + std::to_string(code);
}

void add_url(detail::AttributeList& list, std::string_view url, std::string_view redacted_url) noexcept {
  list.add(attributes::url_full, redacted_url);
  const HostAndPort server = server_of_url(url);
  list.add_if_given(attributes::server_address, server.host);
  if (server.port != 0) list.add(attributes::server_port, server.port);
}

void add_method(detail::AttributeList& list, std::string_view method) noexcept {
  const std::string_view known = known_http_method(method);
  list.add(attributes::http_request_method, known);
  if (known == other_http_method) list.add(attributes::http_request_method_original, method);
}

void add_peer(detail::AttributeList& list, CURL* handle) noexcept {
  if (const std::string_view address = get_text(handle, CURLINFO_PRIMARY_IP); !address.empty()) {
    list.add(attributes::network_peer_address, address);
    list.add(attributes::network_peer_port, get_info<long>(handle, CURLINFO_PRIMARY_PORT));
  }
  list.add_if_given(attributes::network_protocol_version,
                    protocol_version(get_info<long>(handle, CURLINFO_HTTP_VERSION)));
}

void set_failure(Span& span, CURLcode code, long status) {
  if (code == CURLE_ABORTED_BY_CALLBACK) return;  // the caller changed its mind: no error
  if (code != CURLE_OK) {
    span.set(attributes::error_type, error_type_of(code));
    span.set_status(StatusCode::Error, curl_easy_strerror(code));
  } else if (status >= first_client_error) {
    span.set(attributes::error_type, std::to_string(status));
    span.set_status(StatusCode::Error);
  }
}

ScopedSpan start_span(const CurlSpanOptions& options) {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return {};
  detail::AttributeList known;
  std::string safe;
  const std::string_view url = redact_url(options.url, safe);
  if (!options.method.empty()) add_method(known, options.method);
  if (!options.url.empty()) add_url(known, options.url, url);
  known.add_if_given(attributes::url_template, options.url_template);
  return tracer.start_scoped_span(http_span_name(options.method, options.url_template),
                                  {.kind = SpanKind::Client, .attributes = known.all()});
}

void finish_span(Span& span, CURL* handle, CURLcode code, const CurlSpanOptions& options) {
  if (!span.is_recording()) return;
  detail::AttributeList late;
  std::string safe;
  // What the caller did not know at the start.
  if (options.method.empty()) {
    const std::string_view method = get_text(handle, CURLINFO_EFFECTIVE_METHOD);
    add_method(late, method);
    span.update_name(http_span_name(method, options.url_template));
  }
  if (options.url.empty()) {
    const std::string_view given = get_text(handle, CURLINFO_EFFECTIVE_URL);
    add_url(late, given, redact_url(given, safe));
  }
  add_peer(late, handle);
  const long status = get_info<long>(handle, CURLINFO_RESPONSE_CODE);
  if (status != 0) late.add(attributes::http_response_status_code, status);
  span.set_all(late.all());
  set_failure(span, code, status);
}

}  // namespace

int curl_perform(CURL* handle, curl_slist* headers, const CurlSpanOptions& options) noexcept {
  ScopedSpan span = start_span(options);
  CURLcode code;
  {
    const InjectedHeaders injected(headers);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, injected.get());
    code = curl_easy_perform(handle);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  }
  finish_span(span, handle, code, options);
  return code;
}

}  // namespace segue
