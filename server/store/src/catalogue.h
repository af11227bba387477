// Catalogue: which services, bots and nodes have ever been seen. Small, kept in memory and on disk.
//
//   catalogue.add_service("jorge");
//   for (const Catalogue::Entry& entry : catalogue.unsaved()) batch.Put(dict, entry.key, {});
//
// Bounded: beyond `max_entries` a new name is no longer listed (its spans are stored and found all the same) and is
// counted. Thread safety: the add functions, `load`, `unsaved` and `mark_saved` belong to the writing thread; the
// others are for any. Errors: none.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "segue/server/store/store.h"

namespace segue::server::detail {

class Catalogue {
 public:
  static constexpr std::size_t max_entries = 20'000;

  void add_service(std::string_view service);
  /// `node` may be empty.
  void add_bot(std::string_view bot, std::string_view node);

  /// Takes a key that was saved earlier; ignores what it doesn't know.
  void load(std::string_view key);
  /// Keys to be written to the dictionary's column family; they start with 'v' or 'b'.
  const std::vector<std::string>& unsaved() const noexcept { return unsaved_; }
  void mark_saved() noexcept { unsaved_.clear(); }

  std::vector<std::string> services() const;
  std::vector<BotNodes> bots() const;
  /// The bots that have a node of that name.
  std::vector<std::string> bots_with_node(std::string_view node) const;
  std::uint64_t overflows() const noexcept { return overflows_.load(std::memory_order_relaxed); }

 private:
  bool insert_service(std::string_view service);
  bool insert_bot(std::string_view bot, std::string_view node);
  bool has_room();

  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> services_;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> bots_;
  std::size_t entries_ = 0;
  std::vector<std::string> unsaved_;
  std::atomic<std::uint64_t> overflows_{0};
};

}  // namespace segue::server::detail
