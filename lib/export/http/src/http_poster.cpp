#include "http_poster.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "segue/export/detail/sigpipe_guard.h"

namespace segue::detail {
namespace {

/// A body in pieces, read by libcurl in whatever portions it likes.
class PieceReader {
 public:
  explicit PieceReader(std::span<const std::string_view> pieces) noexcept : pieces_(pieces) {}

  std::size_t read(char* out, std::size_t room) noexcept {
    std::size_t copied = 0;
    while (copied < room && next_ < pieces_.size()) {
      const std::string_view left = pieces_[next_].substr(offset_);
      const std::size_t part = std::min(left.size(), room - copied);
      std::memcpy(out + copied, left.data(), part);
      copied += part;
      offset_ += part;
      if (offset_ == pieces_[next_].size()) {
        ++next_;
        offset_ = 0;
      }
    }
    return copied;
  }

  void rewind() noexcept { next_ = offset_ = 0; }

 private:
  std::span<const std::string_view> pieces_;
  std::size_t next_ = 0;
  std::size_t offset_ = 0;  // in the piece that is next
};

std::size_t on_read(char* out, std::size_t size, std::size_t count, void* reader) noexcept {
  return static_cast<PieceReader*>(reader)->read(out, size * count);
}

/// libcurl starts a body again when a kept connection turns out to be closed.
int on_seek(void* reader, curl_off_t offset, int origin) noexcept {
  if (origin != SEEK_SET || offset != 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<PieceReader*>(reader)->rewind();
  return CURL_SEEKFUNC_OK;
}

/// Whether a failed transfer may succeed later: the receiver or the network was away, not the request wrong. So it is with
/// a certificate that is not trusted: most often it has expired, and its owner will renew it.
bool is_transient(CURLcode code) noexcept {
  constexpr std::array transient = {CURLE_COULDNT_RESOLVE_PROXY,
                                    CURLE_COULDNT_RESOLVE_HOST,
                                    CURLE_COULDNT_CONNECT,
                                    CURLE_OPERATION_TIMEDOUT,
                                    CURLE_SEND_ERROR,
                                    CURLE_RECV_ERROR,
                                    CURLE_GOT_NOTHING,
                                    CURLE_PARTIAL_FILE,
                                    CURLE_SSL_CONNECT_ERROR,
                                    CURLE_PEER_FAILED_VERIFICATION,
                                    CURLE_HTTP2,
                                    CURLE_HTTP2_STREAM,
                                    CURLE_UPLOAD_FAILED,
                                    CURLE_AGAIN,
                                    CURLE_SEND_FAIL_REWIND};
  return std::ranges::find(transient, code) != transient.end();
}

ExportOutcome classify_status(long status) noexcept {
  if (status >= 200 && status < 300) return ExportOutcome::Delivered;
  constexpr std::array<long, 4> retryable = {429, 502, 503, 504};
  const bool is_retryable = std::ranges::find(retryable, status) != retryable.end();
  return is_retryable ? ExportOutcome::Retryable : ExportOutcome::Rejected;
}

/// Sets options one after the other and remembers whether libcurl refused any.
class OptionSetter {
 public:
  explicit OptionSetter(CURL* handle) noexcept : handle_(handle) {}

  template <class T>
  void set(CURLoption option, T value) noexcept {
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(handle_, option, value);
  }
  void set_unless_empty(CURLoption option, const std::string& value) noexcept {
    if (!value.empty()) set(option, value.c_str());
  }
  CURLcode code() const noexcept { return code_; }

 private:
  CURL* handle_;
  CURLcode code_ = CURLE_OK;
};

CURLcode set_options(CURL* handle, const HttpPosterOptions& options) noexcept {
  OptionSetter setter(handle);
  setter.set(CURLOPT_URL, options.url.c_str());
  setter.set(CURLOPT_PROTOCOLS_STR, "http,https");
  setter.set(CURLOPT_POST, 1L);
  setter.set(CURLOPT_FOLLOWLOCATION, 0L);
  setter.set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  setter.set(CURLOPT_NOSIGNAL, 1L);
  setter.set(CURLOPT_READFUNCTION, on_read);
  setter.set(CURLOPT_SEEKFUNCTION, on_seek);
  setter.set_unless_empty(CURLOPT_CAINFO, options.ca_file);
  setter.set_unless_empty(CURLOPT_SSLCERT, options.client_certificate_file);
  setter.set_unless_empty(CURLOPT_SSLKEY, options.client_key_file);
  return setter.code();
}

}  // namespace

Result<std::unique_ptr<HttpPoster>> HttpPoster::create(const HttpPosterOptions& options) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  std::unique_ptr<HttpPoster> poster(new HttpPoster);
  poster->compression_ = options.compression;
  poster->handle_.reset(curl_easy_init());
  if (global != CURLE_OK || !poster->handle_) return Error{Errc::Internal, "libcurl does not start"};
  for (const std::string& line : options.header_lines) {
    curl_slist* longer = curl_slist_append(poster->headers_.get(), line.c_str());
    if (longer == nullptr) return Error{Errc::LimitExceeded, "libcurl ran out of memory"};
    static_cast<void>(poster->headers_.release());
    poster->headers_.reset(longer);
  }
  CURL* handle = poster->handle_.get();
  OptionSetter setter(handle);
  setter.set(CURLOPT_HTTPHEADER, poster->headers_.get());
  setter.set(CURLOPT_ERRORBUFFER, poster->error_text_);
  setter.set(CURLOPT_WRITEFUNCTION, &HttpPoster::on_response);
  setter.set(CURLOPT_WRITEDATA, poster.get());
  CURLcode code = setter.code();
  if (code == CURLE_OK) code = set_options(handle, options);
  if (code != CURLE_OK) return Error{Errc::InvalidArgument, curl_easy_strerror(code)};
  return poster;
}

Result<HttpAnswer> HttpPoster::post(std::span<const std::string_view> pieces, std::size_t size) {
  if (compression_ == OtlpCompression::None) return send(pieces, size);
  const Result<std::string_view> compressed = gzip_.compress(pieces);
  if (!compressed) return compressed.error();
  return send({&*compressed, 1}, compressed->size());
}

HttpAnswer HttpPoster::send(std::span<const std::string_view> pieces, std::size_t size) {
  PieceReader reader(pieces);
  OptionSetter setter(handle_.get());
  setter.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
  setter.set(CURLOPT_READDATA, &reader);
  setter.set(CURLOPT_SEEKDATA, &reader);
  response_.clear();
  error_text_[0] = '\0';
  const SigpipeGuard guard;
  return classify(setter.code() == CURLE_OK ? curl_easy_perform(handle_.get()) : setter.code());
}

HttpAnswer HttpPoster::classify(CURLcode code) {
  HttpAnswer answer;
  answer.body = response_;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  // A response that was too long to read to its end is a response all the same.
  if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && answer.status != 0)) {
    answer.outcome = is_transient(code) ? ExportOutcome::Retryable : ExportOutcome::Rejected;
    answer.status = 0;
    answer.problem = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
    return answer;
  }
  answer.outcome = classify_status(answer.status);
  curl_off_t retry_after_seconds = 0;  // libcurl reads both of its forms
  curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after_seconds);
  if (answer.outcome == ExportOutcome::Retryable && retry_after_seconds > 0) {
    constexpr curl_off_t longest = 365L * 24 * 3600;
    answer.retry_after = std::chrono::seconds(std::min(retry_after_seconds, longest));
  }
  return answer;
}

std::size_t HttpPoster::on_response(char* data, std::size_t size, std::size_t count, void* poster) noexcept {
  std::string& response = static_cast<HttpPoster*>(poster)->response_;
  const std::size_t bytes = size * count;
  if (bytes > max_response_bytes - response.size()) return 0;
  try {
    response.append(data, bytes);
  } catch (const std::exception&) {
    return 0;
  }
  return bytes;
}

}  // namespace segue::detail
