// gunzip: what a gzip member holds, for tests. Thread safety: a pure function. Errors: throws for anything else.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include <zlib.h>

namespace segue::test {

inline std::string gunzip(std::string_view compressed) {
  z_stream stream = {};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string text;
  char block[64 * 1024];
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(block);
    stream.avail_out = sizeof block;
    status = inflate(&stream, Z_NO_FLUSH);
    text.append(block, sizeof block - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || stream.avail_in != 0) throw std::runtime_error("not one whole gzip member");
  return text;
}

}  // namespace segue::test
