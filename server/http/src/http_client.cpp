#include "segue/server/http/http_client.h"

#include <curl/curl.h>

#include <memory>

namespace segue::server {
namespace {

struct EasyDeleter {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

struct Answer {
  Response response{.content_type = ""};
  std::size_t max_body_bytes = 0;
  bool is_too_large = false;
};

std::size_t receive_body(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto& answer = *static_cast<Answer*>(target);
  answer.is_too_large = size > answer.max_body_bytes - answer.response.body.size();
  if (answer.is_too_large) return CURL_WRITEFUNC_ERROR;
  answer.response.body.append(data, size);
  return size;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::size_t receive_header(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto& answer = *static_cast<Answer*>(target);
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) answer.response.headers = {};  // after a 100 Continue the real one follows
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  const std::string_view name = trimmed(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (equals_ignoring_case(name, "Content-Type")) answer.response.content_type = value;
  answer.response.headers.add(std::string(name), std::string(value));
  return size;
}

HeaderList header_list(const HttpClientRequest& request) {
  curl_slist* list = nullptr;
  for (const NamedValue& field : request.headers) {
    const std::string line = field.name + (field.value.empty() ? ";" : ": " + field.value);
    list = curl_slist_append(list, line.c_str());
  }
  // Without this a large body waits a second for a "100 Continue" that a foreign server may not send.
  return HeaderList(curl_slist_append(list, "Expect:"));
}

bool is_loopback(const char* url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
  char* host = nullptr;
  if (curl_url_set(parts.get(), CURLUPART_URL, url, 0) != CURLUE_OK) return false;
  if (curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) return false;
  const std::string name(host);
  curl_free(host);
  return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

void prepare(CURL* easy, const HttpClientRequest& request, curl_slist* headers, Answer& answer) {
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  if (is_loopback(request.url.c_str())) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);  // timeouts without SIGALRM: this is one thread of many
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &answer);
}

Error to_error(CURLcode code, const Answer& answer, const HttpClientRequest& request) {
  const std::string what = request.method + " " + request.url + ": ";
  const std::string message = what + curl_easy_strerror(code);
  if (answer.is_too_large) return {Errc::LimitExceeded, what + "the answer is too large"};
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) return {Errc::InvalidArgument, message};
  if (code == CURLE_OPERATION_TIMEDOUT) return {Errc::DeadlineExceeded, message};
  return {Errc::Unavailable, message};
}

}  // namespace

Result<Response> http_request(const HttpClientRequest& request) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, EasyDeleter> easy(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (easy == nullptr) return Error{Errc::Internal, "libcurl cannot be initialised"};
  Answer answer;
  answer.max_body_bytes = request.max_response_bytes;
  const HeaderList headers = header_list(request);
  prepare(easy.get(), request, headers.get(), answer);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) return to_error(code, answer, request);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.response.status = static_cast<unsigned>(status);
  return std::move(answer.response);
}

std::string encode_url_component(std::string_view text) {
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    if (unreserved.find(letter) != std::string_view::npos) {
      encoded += letter;
    } else {
      const auto byte = static_cast<unsigned char>(letter);
      encoded += '%';
      encoded += digits[byte >> 4];
      encoded += digits[byte & 15];
    }
  }
  return encoded;
}

}  // namespace segue::server
