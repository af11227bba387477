// ByteBuffer: bytes that grow and are reused; the memory of a span's body. Not thread-safe; never throws.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>

namespace segue::detail {

class ByteBuffer {
 public:
  ByteBuffer() noexcept = default;
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;
  ~ByteBuffer() { ::operator delete(data_); }

  /// Room for `bytes` more at the end, already counted as content; null when memory is short.
  char* extend(std::size_t bytes) noexcept {
    if (size_ + bytes > capacity_ && !grow(size_ + bytes)) [[unlikely]]
      return nullptr;
    char* out = data_ + size_;
    size_ += bytes;
    return out;
  }

  /// Makes what was written behind the content, up to the capacity, content.
  void set_size(std::size_t size) noexcept { size_ = size; }

  void append(std::string_view bytes) noexcept {
    if (bytes.empty()) return;
    if (char* out = extend(bytes.size())) std::memcpy(out, bytes.data(), bytes.size());
  }

  /// Replaces `old_size` bytes at `offset` by room for `new_size`; null when memory is short.
  char* resize_range(std::size_t offset, std::size_t old_size, std::size_t new_size) noexcept {
    const std::size_t tail = size_ - offset - old_size;
    if (new_size > old_size && extend(new_size - old_size) == nullptr) return nullptr;
    std::memmove(data_ + offset + new_size, data_ + offset + old_size, tail);
    size_ = offset + new_size + tail;
    return data_ + offset;
  }

  /// Forgets the content and keeps the memory, unless it is more than an ordinary span needs.
  void reset() noexcept {
    size_ = 0;
    if (capacity_ > kept_capacity) [[unlikely]]
      release();
  }

  char* data() noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  std::string_view view() const noexcept { return {data_, size_}; }

 private:
  static constexpr std::size_t first_capacity = 1024;
  static constexpr std::size_t kept_capacity = std::size_t{64} << 10;

  bool grow(std::size_t wanted) noexcept {
    std::size_t capacity = capacity_ == 0 ? first_capacity : capacity_ * 2;
    while (capacity < wanted) capacity *= 2;
    auto* moved = static_cast<char*>(::operator new(capacity, std::nothrow));
    if (moved == nullptr) return false;
    if (size_ > 0) std::memcpy(moved, data_, size_);
    ::operator delete(data_);
    data_ = moved;
    capacity_ = capacity;
    return true;
  }

  void release() noexcept {
    ::operator delete(data_);
    data_ = nullptr;
    capacity_ = 0;
  }

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace segue::detail
