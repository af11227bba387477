// ByteWriter and ByteReader: the few encodings that keys and values are made of.
//
//   ByteWriter(out).varint(7).text("lead_bot");
//   ByteReader in(bytes);
//   const auto number = in.varint();
//   if (in.failed()) return damaged();
//
// Fixed-width integers are big-endian so that keys sort by value; varints are LEB128.
// Thread safety: none needed, values. Errors: a reader that runs out of bytes remembers it and answers zeros and empty
// views from then on; check `failed()` once at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue::server::detail {

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) noexcept : out_(out) {}

  ByteWriter& byte(std::uint8_t value) {
    out_.push_back(static_cast<char>(value));
    return *this;
  }
  ByteWriter& varint(std::uint64_t value);
  /// Small for numbers near zero of either sign.
  ByteWriter& signed_varint(std::int64_t value) {
    return varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  ByteWriter& fixed32(std::uint32_t value) { return fixed(value, 4); }
  ByteWriter& fixed64(std::uint64_t value) { return fixed(value, 8); }
  ByteWriter& raw(std::string_view bytes) {
    out_.append(bytes);
    return *this;
  }
  /// The length, then the bytes.
  ByteWriter& text(std::string_view bytes) { return varint(bytes.size()).raw(bytes); }

 private:
  ByteWriter& fixed(std::uint64_t value, int bytes);

  std::string& out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) noexcept : rest_(bytes) {}

  std::uint8_t byte() noexcept;
  std::uint64_t varint() noexcept;
  std::int64_t signed_varint() noexcept {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  std::uint32_t fixed32() noexcept { return static_cast<std::uint32_t>(fixed(4)); }
  std::uint64_t fixed64() noexcept { return fixed(8); }
  std::string_view raw(std::size_t size) noexcept;
  std::string_view text() noexcept { return raw(static_cast<std::size_t>(varint())); }

  /// A count of things that take at least one byte each; fails where fewer bytes are left, so that a damaged count
  /// cannot make the caller reserve memory for it.
  std::size_t count() noexcept;

  void fail() noexcept {
    failed_ = true;
    rest_ = {};
  }
  bool failed() const noexcept { return failed_; }
  bool is_at_end() const noexcept { return rest_.empty(); }
  std::string_view rest() const noexcept { return rest_; }

 private:
  std::uint64_t fixed(std::size_t bytes) noexcept;

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace segue::server::detail
