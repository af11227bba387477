#include "gzip.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace segue::detail {
namespace {

constexpr int level = 1;  // spans are repetitive: higher levels cost several times the CPU for a few percent
constexpr int gzip_window_bits = 15 + 16;
constexpr int memory_level = 8;
constexpr std::size_t smallest_room = 16 * 1024;

}  // namespace

GzipCompressor::~GzipCompressor() {
  if (is_started_) deflateEnd(&stream_);
}

bool GzipCompressor::start() {
  if (is_started_) return deflateReset(&stream_) == Z_OK;
  is_started_ = deflateInit2(&stream_, level, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY) == Z_OK;
  return is_started_;
}

bool GzipCompressor::feed(std::string_view input, int flush) {
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  stream_.avail_in = static_cast<uInt>(input.size());
  while (true) {
    if (output_.size() - output_size_ < smallest_room) output_.resize(std::max(2 * output_.size(), 4 * smallest_room));
    const std::size_t room = std::min<std::size_t>(output_.size() - output_size_, std::numeric_limits<uInt>::max());
    stream_.next_out = reinterpret_cast<Bytef*>(output_.data() + output_size_);
    stream_.avail_out = static_cast<uInt>(room);
    const int status = deflate(&stream_, flush);
    output_size_ += room - stream_.avail_out;
    if (status == Z_STREAM_END) return true;
    if (status != Z_OK && status != Z_BUF_ERROR) return false;
    if (flush == Z_NO_FLUSH && stream_.avail_in == 0 && stream_.avail_out != 0) return true;
  }
}

Result<std::string_view> GzipCompressor::compress(std::span<const std::string_view> pieces) {
  const Error failure{Errc::LimitExceeded, "gzip: zlib ran out of memory"};
  if (!start()) return failure;
  output_size_ = 0;
  constexpr std::size_t most_at_once = std::size_t{1} << 30;  // zlib counts in 32 bits
  for (std::string_view piece : pieces) {
    for (; !piece.empty(); piece.remove_prefix(std::min(piece.size(), most_at_once))) {
      if (!feed(piece.substr(0, most_at_once), Z_NO_FLUSH)) return failure;
    }
  }
  if (!feed({}, Z_FINISH)) return failure;
  return std::string_view(output_).substr(0, output_size_);
}

}  // namespace segue::detail
