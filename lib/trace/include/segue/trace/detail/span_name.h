// SpanName: a name put together from parts without allocating; what is too long is cut. For Segue's own modules.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace segue::detail {

class SpanName {
 public:
  SpanName(std::initializer_list<std::string_view> parts) noexcept {
    for (const std::string_view part : parts) {
      const std::size_t fits = std::min(part.size(), text_.size() - size_);
      if (fits > 0) std::memcpy(text_.data() + size_, part.data(), fits);
      size_ += fits;
    }
  }

  operator std::string_view() const noexcept { return {text_.data(), size_}; }  // NOLINT: it is a string

 private:
  std::array<char, 256> text_;
  std::size_t size_ = 0;
};

}  // namespace segue::detail
