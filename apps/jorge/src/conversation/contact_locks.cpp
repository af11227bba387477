#include "conversation/contact_locks.h"

#include <utility>

namespace jorge {

ContactLocks::Held::Held(ContactLocks& locks, std::string contact_id)
    : locks_(locks), contact_id_(std::move(contact_id)) {
  std::unique_lock lock(locks_.mutex_);
  locks_.released_.wait(lock, [&] { return !locks_.held_.contains(contact_id_); });
  locks_.held_.insert(contact_id_);
}

ContactLocks::Held::~Held() {
  {
    const std::lock_guard lock(locks_.mutex_);
    locks_.held_.erase(contact_id_);
  }
  locks_.released_.notify_all();
}

}  // namespace jorge
