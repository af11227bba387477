// FixedAttributes: attributes that never change, encoded once, so that setting them on a span costs a copy. For Segue's
// own modules.
//
// Thread safety: once filled, any number of threads may set the same one. Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace segue::detail {

struct SpanSlot;

class FixedAttributes {
 public:
  void add_text(std::string_view key, std::string text);
  void add_list(std::string_view key, std::vector<std::string> texts);

 private:
  friend struct SpanSlot;
  struct Item {
    std::string key;
    std::uint32_t place;             ///< Of the key, in a span's set of keys.
    std::vector<std::string> texts;  ///< For spans whose limits ask for shorter ones.
    bool is_list;
    std::size_t longest;  ///< Bytes of the longest text.
    std::string encoded;  ///< The span's field.
  };
  void add(std::string_view key, std::vector<std::string> texts, bool is_list);

  std::vector<Item> items_;
};

}  // namespace segue::detail
