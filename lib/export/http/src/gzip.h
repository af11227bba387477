// GzipCompressor: pieces in, one gzip member out, with memory kept from one call to the next.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <zlib.h>

#include "segue/base/result.h"

namespace segue::detail {

class GzipCompressor {
 public:
  GzipCompressor() = default;
  ~GzipCompressor();
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  /// The pieces compressed as if they were one, valid until the next call. LimitExceeded when zlib gets no memory.
  Result<std::string_view> compress(std::span<const std::string_view> pieces);

 private:
  bool start();
  bool feed(std::string_view input, int flush);

  z_stream stream_ = {};
  bool is_started_ = false;
  std::string output_;
  std::size_t output_size_ = 0;
};

}  // namespace segue::detail
