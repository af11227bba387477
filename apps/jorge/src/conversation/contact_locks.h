// One message at a time per contact, any number of contacts at once.
//
//   const auto lock = locks.hold(contact_id);    // waits while another thread holds this contact
//
// Thread safety: all functions, from any thread. Errors: none; a waiting thread waits until it is its turn.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <unordered_set>

namespace jorge {

class ContactLocks {
 public:
  class Held {
   public:
    Held(ContactLocks& locks, std::string contact_id);
    ~Held();
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    ContactLocks& locks_;
    std::string contact_id_;
  };

  /// Waits until no other thread holds the contact, then holds it until the result goes away.
  [[nodiscard]] Held hold(std::string contact_id) { return Held(*this, std::move(contact_id)); }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  std::unordered_set<std::string> held_;
};

}  // namespace jorge
