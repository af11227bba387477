#include "catalogue.h"

#include "byte_codec.h"

namespace segue::server::detail {
namespace {

constexpr char service_kind = 'v';
constexpr char bot_kind = 'b';

std::string service_key(std::string_view service) { return service_kind + std::string(service); }

std::string bot_key(std::string_view bot, std::string_view node) {
  std::string key(1, bot_kind);
  ByteWriter(key).text(bot).raw(node);
  return key;
}

}  // namespace

void Catalogue::add_service(std::string_view service) {
  if (!service.empty() && insert_service(service)) unsaved_.push_back(service_key(service));
}

void Catalogue::add_bot(std::string_view bot, std::string_view node) {
  if (!bot.empty() && insert_bot(bot, node)) unsaved_.push_back(bot_key(bot, node));
}

void Catalogue::load(std::string_view key) {
  if (key.starts_with(service_kind)) insert_service(key.substr(1));
  if (!key.starts_with(bot_kind)) return;
  ByteReader in(key.substr(1));
  const std::string_view bot = in.text();
  if (!in.failed()) insert_bot(bot, in.rest());
}

bool Catalogue::has_room() {
  if (entries_ < max_entries) return true;
  overflows_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

bool Catalogue::insert_service(std::string_view service) {
  const std::lock_guard lock(mutex_);
  if (services_.contains(service) || !has_room()) return false;
  services_.emplace(service);
  ++entries_;
  return true;
}

bool Catalogue::insert_bot(std::string_view bot, std::string_view node) {
  const std::lock_guard lock(mutex_);
  const auto known = bots_.find(bot);
  if (known != bots_.end() && (node.empty() || known->second.contains(node))) return false;
  if (!has_room()) return false;
  auto& nodes = known != bots_.end() ? known->second : bots_[std::string(bot)];
  if (!node.empty()) nodes.emplace(node);
  ++entries_;
  return true;
}

std::vector<std::string> Catalogue::services() const {
  const std::lock_guard lock(mutex_);
  return {services_.begin(), services_.end()};
}

std::vector<BotNodes> Catalogue::bots() const {
  const std::lock_guard lock(mutex_);
  std::vector<BotNodes> result;
  for (const auto& [bot, nodes] : bots_) result.push_back({bot, {nodes.begin(), nodes.end()}});
  return result;
}

std::vector<std::string> Catalogue::bots_with_node(std::string_view node) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> result;
  for (const auto& [bot, nodes] : bots_) {
    if (nodes.contains(node)) result.push_back(bot);
  }
  return result;
}

}  // namespace segue::server::detail
