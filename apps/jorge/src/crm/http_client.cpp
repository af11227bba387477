#include "crm/http_client.h"

#include <curl/curl.h>

#include "segue/curl/perform.h"

namespace jorge {
namespace {

constexpr std::size_t max_answer_bytes = 1U << 20U;

struct CurlLibrary {
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~CurlLibrary() { curl_global_cleanup(); }
};

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList header_list(const HttpCall& call) {
  HeaderList list;
  const auto add = [&list](const std::string& header) {
    if (curl_slist* longer = curl_slist_append(list.get(), header.c_str())) {
      (void)list.release();  // `longer` starts with the same element
      list.reset(longer);
    }
  };
  if (!call.body.empty()) add("Content-Type: application/json");
  for (const std::string& header : call.headers) add(header);
  return list;
}

std::size_t append_body(const char* bytes, std::size_t size, std::size_t count, void* target) {
  auto& body = *static_cast<std::string*>(target);
  if (body.size() + size * count > max_answer_bytes) return 0;  // makes curl give up with CURLE_WRITE_ERROR
  body.append(bytes, size * count);
  return size * count;
}

segue::Error curl_error(CURLcode code) {
  const std::string message = curl_easy_strerror(code);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return {segue::Errc::DeadlineExceeded, message};
    case CURLE_WRITE_ERROR: return {segue::Errc::LimitExceeded, "the answer is larger than 1 MiB"};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return {segue::Errc::InvalidArgument, message};
    default: return {segue::Errc::Unavailable, message};
  }
}

}  // namespace

struct HttpClient::Handle {
  Handle() : easy(curl_easy_init()) {}
  ~Handle() { curl_easy_cleanup(easy); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  CURL* easy;
};

HttpClient::HttpClient(std::chrono::milliseconds timeout) : timeout_(timeout) {
  static const CurlLibrary library;
  handle_ = std::make_unique<Handle>();
}

HttpClient::~HttpClient() = default;

segue::Result<HttpAnswer> HttpClient::send(const HttpCall& call) {
  CURL* easy = handle_->easy;
  if (easy == nullptr) return segue::Error{segue::Errc::Internal, "curl has no handle to give"};
  HttpAnswer answer;
  const HeaderList headers = header_list(call);
  curl_easy_reset(easy);  // forgets options, keeps the connection
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer.body);
  if (!call.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call.body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  }
  const auto code = static_cast<CURLcode>(segue::curl_perform(
      easy, headers.get(), {.method = call.method, .url = call.url, .url_template = call.url_template}));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, nullptr);
  if (code != CURLE_OK) return curl_error(code);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter_or_digit || std::string_view("-._~").find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 0xFU];
  }
  return encoded;
}

}  // namespace jorge
