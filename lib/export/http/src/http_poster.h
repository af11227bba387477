// HttpPoster: POSTs bodies to one URL over one kept-alive connection, compressed if asked for.
//
// Thread safety: one call at a time, from any thread. Errors: the answer says how far the request got.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "gzip.h"
#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/export/otlp_options.h"

namespace segue::detail {

struct HttpPosterOptions {
  std::string url;
  std::vector<std::string> header_lines;  ///< "Name: value", without line ends.
  std::chrono::milliseconds timeout;
  OtlpCompression compression = OtlpCompression::None;
  std::string ca_file;
  std::string client_certificate_file;
  std::string client_key_file;
};

struct HttpAnswer {
  ExportOutcome outcome = ExportOutcome::Rejected;
  std::string_view body;  ///< Valid until the next post; cut at `HttpPoster::max_response_bytes`.
  std::optional<std::chrono::milliseconds> retry_after;
  long status = 0;      ///< 0 when there was no answer.
  std::string problem;  ///< Why there was none.
};

class HttpPoster {
 public:
  static constexpr std::size_t max_response_bytes = std::size_t{4} << 20;

  /// InvalidArgument where libcurl refuses an option.
  static Result<std::unique_ptr<HttpPoster>> create(const HttpPosterOptions& options);

  /// Sends the pieces one after the other as one body of `size` bytes. LimitExceeded when memory runs out.
  Result<HttpAnswer> post(std::span<const std::string_view> pieces, std::size_t size);

 private:
  struct HandleDeleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  HttpPoster() = default;
  HttpAnswer send(std::span<const std::string_view> pieces, std::size_t size);
  HttpAnswer classify(CURLcode code);
  static std::size_t on_response(char* data, std::size_t size, std::size_t count, void* poster) noexcept;

  std::unique_ptr<curl_slist, ListDeleter> headers_;
  std::unique_ptr<CURL, HandleDeleter> handle_;  // after headers_: it refers to them
  OtlpCompression compression_ = OtlpCompression::None;
  GzipCompressor gzip_;
  std::string response_;
  char error_text_[CURL_ERROR_SIZE] = {};
};

}  // namespace segue::detail
