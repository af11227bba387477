#include "segue/propagation/environment_carrier.h"

#include <unistd.h>

#include <cstdlib>

namespace segue {
namespace {

char environment_character(char c) noexcept {
  if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
  if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return c;
  return '_';
}

}  // namespace

std::string environment_name(std::string_view key) {
  std::string name;
  name.reserve(key.size() + 1);
  if (!key.empty() && key.front() >= '0' && key.front() <= '9') name += '_';  // no name begins with a digit
  for (const char c : key) name += environment_character(c);
  return name;
}

std::vector<std::string> inherited_environment() {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
  return entries;
}

std::vector<char*> c_strings(std::vector<std::string>& entries) {
  std::vector<char*> texts;
  texts.reserve(entries.size() + 1);
  for (std::string& entry : entries) texts.push_back(entry.data());
  texts.push_back(nullptr);
  return texts;
}

std::optional<std::string_view> EnvironmentReader::get(std::string_view key) const {
  const char* value = std::getenv(environment_name(key).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string_view(value);
}

void EnvironmentWriter::set(std::string_view key, std::string_view value) {
  const std::string start = environment_name(key) + '=';
  std::erase_if(entries_, [&](const std::string& entry) { return entry.starts_with(start); });
  entries_.push_back(start + std::string(value));
}

}  // namespace segue
