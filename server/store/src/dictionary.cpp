#include "dictionary.h"

#include <mutex>

#include "byte_codec.h"

namespace segue::server::detail {
namespace {

struct Limits {
  std::size_t text_bytes;
  std::size_t total_bytes;
};

constexpr std::array<Limits, text_class_count> limits = {{
    {256, 4U << 20},        // Name
    {256, 1U << 20},        // Key
    {16U << 10, 8U << 20},  // Resource
    {4U << 10, 1U << 20},   // Scope
}};

/// First bytes of keys, by class.
constexpr std::string_view key_kinds = "nkrc";

}  // namespace

std::string dictionary_key(TextClass text_class, std::uint32_t number) {
  std::string key(1, key_kinds[static_cast<std::size_t>(text_class)]);
  ByteWriter(key).fixed32(number);
  return key;
}

Dictionary::Dictionary() = default;

std::uint32_t Dictionary::number_for(TextClass text_class, std::string_view text) {
  Table& in = table(text_class);
  if (const auto known = in.numbers.find(text); known != in.numbers.end()) return known->second;
  const Limits& limit = limits[static_cast<std::size_t>(text_class)];
  const bool is_full = in.size.load(std::memory_order_relaxed) == block_size * block_count;
  if (is_full || text.size() > limit.text_bytes || in.bytes + text.size() > limit.total_bytes) {
    overflows_.fetch_add(1, std::memory_order_relaxed);
    return 0;
  }
  const std::string_view stored = append(in, text);
  const std::uint32_t number = in.size.load(std::memory_order_relaxed);
  unsaved_.push_back({text_class, number, stored});
  return number;
}

bool Dictionary::load(std::string_view key, std::string_view text) {
  const std::size_t kind = key.empty() ? std::string_view::npos : key_kinds.find(key.front());
  if (kind == std::string_view::npos) return true;
  ByteReader in(key.substr(1));
  const std::uint32_t number = in.fixed32();
  Table& in_table = tables_[kind];
  const std::uint32_t next = in_table.size.load(std::memory_order_relaxed) + 1;
  if (in.failed() || number != next || number > block_size * block_count) return false;
  append(in_table, text);
  return true;
}

std::string_view Dictionary::append(Table& in, std::string_view text) {
  const std::uint32_t index = in.size.load(std::memory_order_relaxed);
  std::unique_ptr<Block>& block = in.blocks[index / block_size];
  if (block == nullptr) block = std::make_unique<Block>();
  std::string& stored = (*block)[index % block_size];
  stored = text;
  in.bytes += text.size();
  {
    const std::unique_lock lock(in.mutex);
    in.numbers.emplace(stored, index + 1);
  }
  in.size.store(index + 1, std::memory_order_release);
  return stored;
}

std::uint32_t Dictionary::find(TextClass text_class, std::string_view text) const {
  const Table& in = table(text_class);
  const std::shared_lock lock(in.mutex);
  const auto known = in.numbers.find(text);
  return known == in.numbers.end() ? 0 : known->second;
}

std::optional<std::string_view> Dictionary::text(TextClass text_class, std::uint32_t number) const noexcept {
  const Table& in = table(text_class);
  if (number == 0 || number > in.size.load(std::memory_order_acquire)) return std::nullopt;
  return (*in.blocks[(number - 1) / block_size])[(number - 1) % block_size];
}

}  // namespace segue::server::detail
