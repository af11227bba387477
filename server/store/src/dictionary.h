// Dictionary: small numbers for texts that repeat in every trace, such as span names, keys and resources.
//
//   const std::uint32_t number = dictionary.number_for(TextClass::Name, span.name);  // 0: no room, store it inline
//   std::optional<std::string_view> name = dictionary.text(TextClass::Name, number);
//
// Each class is bounded in entries and bytes: whoever sends endless different names (ids in span names, say) fills it
// up once, and from then on new texts of that class are stored inline, which costs disk but neither memory nor data.
// Entries are never removed, so views of their text stay valid as long as the dictionary lives.
// Thread safety: `number_for`, `load`, `unsaved` and `mark_saved` belong to the writing thread; the others are for any.
// Errors: none; a number that is not in the dictionary has no text.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace segue::server::detail {

/// Values are on disk.
enum class TextClass : std::uint8_t { Name = 0, Key = 1, Resource = 2, Scope = 3 };
inline constexpr std::size_t text_class_count = 4;

/// The key under which an entry is kept on disk.
std::string dictionary_key(TextClass text_class, std::uint32_t number);

class Dictionary {
 public:
  struct Entry {
    TextClass text_class;
    std::uint32_t number;
    std::string_view text;
  };

  Dictionary();

  /// The text's number from 1, given to it now if it is new; 0 where it is too long or its class is full.
  std::uint32_t number_for(TextClass text_class, std::string_view text);
  /// Puts back an entry read from disk, in ascending order of keys; ignores keys that are not a dictionary's. False
  /// if an entry is missing before this one.
  bool load(std::string_view key, std::string_view text);
  /// Entries that `number_for` made and that are not known to be on disk.
  const std::vector<Entry>& unsaved() const noexcept { return unsaved_; }
  void mark_saved() noexcept { unsaved_.clear(); }

  /// 0 if the text has no number.
  std::uint32_t find(TextClass text_class, std::string_view text) const;
  std::optional<std::string_view> text(TextClass text_class, std::uint32_t number) const noexcept;
  /// How often `number_for` had no room.
  std::uint64_t overflows() const noexcept { return overflows_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t block_size = 1024;
  static constexpr std::size_t block_count = 64;
  using Block = std::array<std::string, block_size>;

  /// Texts lie in blocks that never move, published by `size`: readers need no lock to turn a number into text.
  struct Table {
    std::array<std::unique_ptr<Block>, block_count> blocks;
    std::atomic<std::uint32_t> size{0};
    std::size_t bytes = 0;
    mutable std::shared_mutex mutex;  // guards `numbers` between the writer and `find`
    std::unordered_map<std::string_view, std::uint32_t> numbers;
  };

  std::string_view append(Table& table, std::string_view text);
  Table& table(TextClass text_class) noexcept { return tables_[static_cast<std::size_t>(text_class)]; }
  const Table& table(TextClass text_class) const noexcept { return tables_[static_cast<std::size_t>(text_class)]; }

  std::array<Table, text_class_count> tables_;
  std::vector<Entry> unsaved_;
  std::atomic<std::uint64_t> overflows_{0};
};

}  // namespace segue::server::detail
