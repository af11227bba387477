// MessageWriter: appends protobuf fields to a string, nested messages included.
//
//   MessageWriter writer(bytes);
//   writer.message(wire::span_field::status, [&] { writer.varint(wire::status_field::code, 2); });
//
// For messages whose size is not known beforehand: a message's length is filled in once it is
// complete. Tags are those of wire.h and field_tags.h, number and wire type in one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "segue/otlp/wire.h"

namespace segue::otlp {

class MessageWriter {
 public:
  explicit MessageWriter(std::string& out) : out_(out) {}

  void varint(std::uint32_t tag, std::uint64_t value) {
    char buffer[20];
    char* end = wire::write_varint(wire::write_varint(buffer, tag), value);
    out_.append(buffer, end);
  }

  void fixed64(std::uint32_t tag, std::uint64_t value) { fixed(tag, value); }
  void fixed32(std::uint32_t tag, std::uint32_t value) { fixed(tag, value); }

  void bytes(std::uint32_t tag, std::string_view content) {
    varint(tag, content.size());
    out_.append(content);
  }

  /// A field whose content `body()` appends.
  template <class Body>
  void message(std::uint32_t tag, Body&& body) {
    varint(tag, 0);  // most messages are shorter than 128 bytes: one byte of length
    const std::size_t start = out_.size();
    body();
    const std::size_t size = out_.size() - start;
    const std::size_t more_bytes = wire::varint_size(size) - 1;
    if (more_bytes > 0) out_.insert(start, more_bytes, '\0');
    wire::write_varint(out_.data() + start - 1, size);
  }

  /// Room for `size` more bytes, which the caller fills.
  char* extend(std::size_t size) {
    out_.resize(out_.size() + size);
    return out_.data() + out_.size() - size;
  }

 private:
  template <class Word>
  void fixed(std::uint32_t tag, Word value) {
    char buffer[10 + sizeof value];
    char* end = wire::write_varint(buffer, tag);
    std::memcpy(end, &value, sizeof value);
    out_.append(buffer, end + sizeof value);
  }

  std::string& out_;
};

}  // namespace segue::otlp
