#include "gunzip.h"

#include <zlib.h>

#include <array>
#include <limits>

namespace segue::server {
namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10;
constexpr int gzip_only = 16 + MAX_WBITS;

class Inflater {
 public:
  Inflater() : is_ready_(inflateInit2(&stream_, gzip_only) == Z_OK) {}
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool is_ready() const noexcept { return is_ready_; }
  z_stream& stream() noexcept { return stream_; }

 private:
  z_stream stream_{};
  bool is_ready_;
};

}  // namespace

Result<std::string> gunzip(std::string_view compressed, std::size_t max_bytes) {
  if (compressed.size() > std::numeric_limits<uInt>::max()) return Error{Errc::LimitExceeded, "the body is over 4 GiB"};
  Inflater inflater;
  if (!inflater.is_ready()) return Error{Errc::Unavailable, "out of memory for decompression"};
  z_stream& stream = inflater.stream();
  // zlib's interface predates const; it does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string plain;
  std::array<char, block_bytes> block;
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t produced = block.size() - stream.avail_out;
    if (produced > max_bytes - plain.size())
      return Error{Errc::LimitExceeded, "the body is too large when decompressed"};
    plain.append(block.data(), produced);
    if (status == Z_STREAM_END && stream.avail_in == 0) return plain;
    if (status == Z_STREAM_END) {  // a further member follows (RFC 1952 §2.2)
      inflateReset(&stream);
    } else if (status != Z_OK) {  // Z_BUF_ERROR: the input ended in the middle
      return Error{Errc::InvalidArgument, "the body is not complete, valid gzip"};
    }
  }
}

}  // namespace segue::server
