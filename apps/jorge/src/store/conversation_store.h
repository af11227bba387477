// Everything Jorge must still know after a restart, in one SQLite file.
//
//   auto store = ConversationStore::open("jorge.db");
//   if (!store) return store.error();
//   auto conversation = (*store)->load(contact_id);      // a new one if the contact is unknown
//   ...
//   (*store)->save(*conversation, new_messages);
//
// Leases are names one owner holds for a while, across threads and processes: the handoff lock and
// the memory of messages already handled are both made of them.
// Thread safety: all functions, from any thread; one runs at a time. Errors: those of SQLite; damaged rows
// come back as Corruption. At the limit: `load` returns the last 50 messages, older ones stay in the file.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversation.h"
#include "segue/base/result.h"
#include "store/sqlite.h"

namespace jorge {

/// One executed handoff, as circular checks, rate limits and the contact's next message need it.
struct HandoffRecord {
  Bot source = Bot::Lead;
  Bot target = Bot::Buyer;
  TimePoint time;
  segue::TraceColumns trace = {};  ///< What the next message continues; `handoffs_since` leaves it out.
};

/// How the handoffs of one route turned out.
struct OutcomeCounts {
  int samples = 0;
  int successful = 0;
};

class ConversationStore {
 public:
  /// Opens or creates the file, in WAL mode, and brings its tables up to date.
  static segue::Result<std::unique_ptr<ConversationStore>> open(const std::string& path);

  /// The stored conversation and its last handoff's trace, or a new one owned by the lead bot without tags or history.
  segue::Result<Conversation> load(std::string_view contact_id);

  /// Stores the conversation and appends `new_messages`, all or nothing. `history` and `handoff_trace` are not written
  /// again.
  segue::Result<void> save(const Conversation& conversation, std::span<const Message> new_messages);

  segue::Result<void> record_handoff(std::string_view contact_id, const HandoffRecord& handoff);

  /// The contact's executed handoffs at or after `since`, oldest first.
  segue::Result<std::vector<HandoffRecord>> handoffs_since(std::string_view contact_id, TimePoint since);

  segue::Result<void> record_outcome(Bot source, Bot target, bool successful, TimePoint time);
  segue::Result<OutcomeCounts> outcome_counts(Bot source, Bot target);

  /// Takes the lease `name` for `duration` if nobody holds it or its holder's time is up; false if held.
  segue::Result<bool> acquire_lease(std::string_view name, std::string_view owner, TimePoint now,
                                    std::chrono::milliseconds duration);

  /// Gives the lease back; does nothing unless `owner` still holds it.
  segue::Result<void> release_lease(std::string_view name, std::string_view owner);

 private:
  explicit ConversationStore(Database database) : database_(std::move(database)) {}

  segue::Result<void> load_handoff_trace(Conversation& conversation);
  segue::Result<void> load_history(Conversation& conversation);
  segue::Result<void> write_conversation(const Conversation& conversation);
  segue::Result<void> append_messages(std::string_view contact_id, std::span<const Message> messages);

  std::mutex mutex_;
  Database database_;
};

}  // namespace jorge
