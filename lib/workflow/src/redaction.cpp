#include "segue/workflow/redaction.h"

#include <atomic>
#include <deque>
#include <mutex>

#include "keyed_hash.h"
#include "redacted.h"

namespace segue {
namespace {

struct ActiveRedactor {
  explicit ActiveRedactor(RedactorOptions given) : options(std::move(given)), hash(options.hash_key) {}
  RedactorOptions options;
  detail::KeyedHash hash;
};

constinit std::atomic<const ActiveRedactor*> active_redactor = nullptr;

// Leaked on purpose: spans may end while static objects are being destroyed. A deque moves none of what it holds.
const ActiveRedactor* keep(RedactorOptions options) {
  static auto* all = new std::deque<ActiveRedactor>;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return &all->emplace_back(std::move(options));
}

std::string_view apply(const ActiveRedactor& redactor, std::string_view key, std::string_view value,
                       std::string& buffer) {
  if (!redactor.options.redact || value.empty()) return value;
  std::optional<std::string> replaced = redactor.options.redact(key, value);
  if (!replaced) return {};
  buffer = *std::move(replaced);
  return buffer;
}

}  // namespace

Result<void> set_redactor(RedactorOptions options) {
  if (options.contact_ids == ContactIds::Hash && options.hash_key.empty()) {
    return Error{Errc::InvalidArgument, "contact ids can only be hashed with a hash_key"};
  }
  const bool keeps_all = options.contact_ids == ContactIds::Keep && options.hash_key.empty() && !options.redact;
  active_redactor.store(keeps_all ? nullptr : keep(std::move(options)), std::memory_order_release);
  return {};
}

std::string contact_hash(std::string_view contact_id) {
  const ActiveRedactor* redactor = active_redactor.load(std::memory_order_acquire);
  if (redactor == nullptr || redactor->options.hash_key.empty() || contact_id.empty()) return {};
  return redactor->hash.hex(contact_id);
}

namespace detail {

bool has_redactor() noexcept { return active_redactor.load(std::memory_order_acquire) != nullptr; }

std::string_view redacted(std::string_view key, std::string_view value, std::string& buffer) noexcept {
  const ActiveRedactor* redactor = active_redactor.load(std::memory_order_acquire);
  if (redactor == nullptr) [[likely]]
    return value;
  try {
    return apply(*redactor, key, value, buffer);
  } catch (...) {
    return {};
  }
}

std::string_view redacted_contact(std::string_view key, std::string_view contact_id, std::string& buffer) noexcept {
  const ActiveRedactor* redactor = active_redactor.load(std::memory_order_acquire);
  if (redactor == nullptr) [[likely]]
    return contact_id;
  if (contact_id.empty() || redactor->options.contact_ids == ContactIds::Drop) return {};
  try {
    if (redactor->options.contact_ids == ContactIds::Keep) return apply(*redactor, key, contact_id, buffer);
    const std::string hash = redactor->hash.hex(contact_id);
    std::string replaced;
    buffer = apply(*redactor, key, hash, replaced);
    return buffer;
  } catch (...) {
    return {};
  }
}

}  // namespace detail
}  // namespace segue
