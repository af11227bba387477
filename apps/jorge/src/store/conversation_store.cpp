#include "store/conversation_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "store/conversation_json.h"

namespace jorge {
namespace {

using segue::Result;

constexpr std::int64_t loaded_messages = 50;

constexpr const char* schema = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS conversations(
  contact_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, owner TEXT NOT NULL, tags TEXT NOT NULL,
  current_step TEXT NOT NULL, temperature TEXT NOT NULL, answers TEXT NOT NULL, pending_question TEXT NOT NULL,
  deferred_handoff TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages(
  id INTEGER PRIMARY KEY, contact_id TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, time_ns INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_contact ON messages(contact_id, id);
CREATE TABLE IF NOT EXISTS handoffs(
  id INTEGER PRIMARY KEY, contact_id TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, time_ns INTEGER NOT NULL,
  traceparent TEXT, tracestate TEXT, baggage TEXT);
CREATE INDEX IF NOT EXISTS handoffs_by_contact ON handoffs(contact_id, time_ns);
CREATE TABLE IF NOT EXISTS handoff_outcomes(
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL, successful INTEGER NOT NULL, time_ns INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS handoff_outcomes_by_route ON handoff_outcomes(source, target);
CREATE TABLE IF NOT EXISTS leases(
  name TEXT PRIMARY KEY, owner TEXT NOT NULL, expires_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS leases_by_expiry ON leases(expires_ns);
)sql";

Result<Bot> stored_bot(const std::string& name) {
  if (const auto bot = bot_from_short_name(name)) return *bot;
  return segue::Error{segue::Errc::Corruption, "stored bot name '" + name + "' is unknown"};
}

std::optional<std::string> optional_text(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}

void bind_optional(Statement& statement, int index, const std::optional<std::string>& text) {
  if (text) statement.bind(index, *text);
}

/// Fills `conversation` from the row that `load` selects.
Result<void> read_row(const Statement& row, Conversation& conversation) {
  const auto owner = stored_bot(row.text(1));
  if (!owner) return owner.error();
  auto tags = string_list_from_json(row.text(2));
  if (!tags) return tags.error();
  auto answers = string_map_from_json(row.text(5));
  if (!answers) return answers.error();
  conversation.conversation_id = row.text(0);
  conversation.owner = *owner;
  conversation.tags = std::move(*tags);
  conversation.current_step = row.text(3);
  conversation.temperature = row.text(4);
  conversation.answers = std::move(*answers);
  conversation.pending_question = row.text(6);
  if (!row.is_null(7)) {
    auto deferred = deferred_handoff_from_json(row.text(7));
    if (!deferred) return deferred.error();
    conversation.deferred = *deferred;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<ConversationStore>> ConversationStore::open(const std::string& path) {
  auto database = Database::open(path);
  if (!database) return database.error();
  if (auto created = database->execute(schema); !created) return created.error().with_context("prepare " + path);
  return std::unique_ptr<ConversationStore>(new ConversationStore(std::move(*database)));
}

Result<Conversation> ConversationStore::load(std::string_view contact_id) {
  const std::lock_guard lock(mutex_);
  Conversation conversation;
  conversation.contact_id = contact_id;
  auto query = database_.prepare(
      "SELECT conversation_id, owner, tags, current_step, temperature, answers, pending_question, deferred_handoff "
      "FROM conversations WHERE contact_id = ?1");
  if (!query) return query.error();
  const auto row = query->bind(1, contact_id).step();
  if (!row) return row.error();
  if (!*row) return conversation;
  if (auto read = read_row(*query, conversation); !read) return read.error();
  if (auto read = load_handoff_trace(conversation); !read) return read.error();
  if (auto read = load_history(conversation); !read) return read.error();
  return conversation;
}

Result<void> ConversationStore::load_handoff_trace(Conversation& conversation) {
  auto query = database_.prepare(
      "SELECT time_ns, traceparent, tracestate, baggage FROM handoffs WHERE contact_id = ?1 "
      "ORDER BY time_ns DESC, id DESC LIMIT 1");
  if (!query) return query.error();
  const auto row = query->bind(1, conversation.contact_id).step();
  if (!row) return row.error();
  if (!*row || query->is_null(1)) return {};
  segue::TraceColumns context{optional_text(*query, 1), optional_text(*query, 2), optional_text(*query, 3)};
  conversation.handoff_trace = HandoffTrace{std::move(context), from_unix_nanos(query->integer(0))};
  return {};
}

Result<void> ConversationStore::load_history(Conversation& conversation) {
  auto query =
      database_.prepare("SELECT role, text, time_ns FROM messages WHERE contact_id = ?1 ORDER BY id DESC LIMIT ?2");
  if (!query) return query.error();
  query->bind(1, conversation.contact_id).bind(2, loaded_messages);
  while (true) {
    const auto row = query->step();
    if (!row) return row.error();
    if (!*row) break;
    const Role role = query->text(0) == "bot" ? Role::Bot : Role::Contact;
    conversation.history.push_back({role, query->text(1), from_unix_nanos(query->integer(2))});
  }
  std::reverse(conversation.history.begin(), conversation.history.end());
  return {};
}

Result<void> ConversationStore::save(const Conversation& conversation, std::span<const Message> new_messages) {
  const std::lock_guard lock(mutex_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  if (auto written = write_conversation(conversation); !written) return written;
  if (auto written = append_messages(conversation.contact_id, new_messages); !written) return written;
  return transaction->commit();
}

Result<void> ConversationStore::write_conversation(const Conversation& conversation) {
  // What is not bound is null.
  auto statement = database_.prepare("INSERT OR REPLACE INTO conversations VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");
  if (!statement) return statement.error();
  statement->bind(1, conversation.contact_id)
      .bind(2, conversation.conversation_id)
      .bind(3, short_name(conversation.owner))
      .bind(4, to_json(conversation.tags))
      .bind(5, conversation.current_step)
      .bind(6, conversation.temperature)
      .bind(7, to_json(conversation.answers))
      .bind(8, conversation.pending_question);
  if (conversation.deferred) statement->bind(9, to_json(*conversation.deferred));
  return statement->run();
}

Result<void> ConversationStore::append_messages(std::string_view contact_id, std::span<const Message> messages) {
  for (const Message& message : messages) {
    auto statement = database_.prepare("INSERT INTO messages(contact_id, role, text, time_ns) VALUES(?1,?2,?3,?4)");
    if (!statement) return statement.error();
    auto written = statement->bind(1, contact_id)
                       .bind(2, std::string_view(message.role == Role::Bot ? "bot" : "contact"))
                       .bind(3, message.text)
                       .bind(4, to_unix_nanos(message.time))
                       .run();
    if (!written) return written;
  }
  return {};
}

Result<void> ConversationStore::record_handoff(std::string_view contact_id, const HandoffRecord& handoff) {
  const std::lock_guard lock(mutex_);
  auto statement = database_.prepare(
      "INSERT INTO handoffs(contact_id, source, target, time_ns, traceparent, tracestate, baggage) "
      "VALUES(?1,?2,?3,?4,?5,?6,?7)");
  if (!statement) return statement.error();
  statement->bind(1, contact_id)
      .bind(2, short_name(handoff.source))
      .bind(3, short_name(handoff.target))
      .bind(4, to_unix_nanos(handoff.time));
  bind_optional(*statement, 5, handoff.trace.traceparent);
  bind_optional(*statement, 6, handoff.trace.tracestate);
  bind_optional(*statement, 7, handoff.trace.baggage);
  return statement->run();
}

Result<std::vector<HandoffRecord>> ConversationStore::handoffs_since(std::string_view contact_id, TimePoint since) {
  const std::lock_guard lock(mutex_);
  auto query = database_.prepare(
      "SELECT source, target, time_ns FROM handoffs WHERE contact_id = ?1 AND time_ns >= ?2 ORDER BY time_ns, id");
  if (!query) return query.error();
  query->bind(1, contact_id).bind(2, to_unix_nanos(since));
  std::vector<HandoffRecord> handoffs;
  while (true) {
    const auto row = query->step();
    if (!row) return row.error();
    if (!*row) return handoffs;
    const auto source = stored_bot(query->text(0));
    const auto target = stored_bot(query->text(1));
    if (!source) return source.error();
    if (!target) return target.error();
    handoffs.push_back({.source = *source, .target = *target, .time = from_unix_nanos(query->integer(2))});
  }
}

Result<void> ConversationStore::record_outcome(Bot source, Bot target, bool successful, TimePoint time) {
  const std::lock_guard lock(mutex_);
  auto statement =
      database_.prepare("INSERT INTO handoff_outcomes(source, target, successful, time_ns) VALUES(?1,?2,?3,?4)");
  if (!statement) return statement.error();
  return statement->bind(1, short_name(source))
      .bind(2, short_name(target))
      .bind(3, std::int64_t{successful})
      .bind(4, to_unix_nanos(time))
      .run();
}

Result<OutcomeCounts> ConversationStore::outcome_counts(Bot source, Bot target) {
  const std::lock_guard lock(mutex_);
  auto query = database_.prepare(
      "SELECT COUNT(*), COALESCE(SUM(successful), 0) FROM handoff_outcomes WHERE source = ?1 AND target = ?2");
  if (!query) return query.error();
  const auto row = query->bind(1, short_name(source)).bind(2, short_name(target)).step();
  if (!row) return row.error();
  return OutcomeCounts{static_cast<int>(query->integer(0)), static_cast<int>(query->integer(1))};
}

Result<bool> ConversationStore::acquire_lease(std::string_view name, std::string_view owner, TimePoint now,
                                              std::chrono::milliseconds duration) {
  const std::lock_guard lock(mutex_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto expire = database_.prepare("DELETE FROM leases WHERE expires_ns <= ?1");
  if (!expire) return expire.error();
  if (auto expired = expire->bind(1, to_unix_nanos(now)).run(); !expired) return expired.error();
  auto take = database_.prepare("INSERT OR IGNORE INTO leases VALUES(?1,?2,?3)");
  if (!take) return take.error();
  if (auto taken = take->bind(1, name).bind(2, owner).bind(3, to_unix_nanos(now + duration)).run(); !taken) {
    return taken.error();
  }
  const bool is_ours = database_.changed_rows() == 1;
  if (auto committed = transaction->commit(); !committed) return committed.error();
  return is_ours;
}

Result<void> ConversationStore::release_lease(std::string_view name, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  auto statement = database_.prepare("DELETE FROM leases WHERE name = ?1 AND owner = ?2");
  if (!statement) return statement.error();
  return statement->bind(1, name).bind(2, owner).run();
}

}  // namespace jorge
