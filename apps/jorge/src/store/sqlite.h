// The little of SQLite the store needs: open, prepare, bind, step, and a transaction that rolls back.
//
//   auto statement = database.prepare("SELECT owner FROM conversations WHERE contact_id = ?1");
//   if (!statement) return statement.error();
//   statement->bind(1, contact_id);
//   auto row = statement->step();
//   if (row && *row) use(statement->text(0));
//
// Thread safety: none; one thread at a time. Errors: every failure of SQLite comes back as IoError
// (busy: Unavailable) with SQLite's own message.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "segue/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace jorge {

class Statement {
 public:
  /// Binds parameter `index`, from 1. A failed bind shows up in the next `step()`.
  Statement& bind(int index, std::string_view value);
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, double value);

  /// Goes to the next row: true if there is one, false at the end.
  segue::Result<bool> step();

  /// Runs the statement to its end.
  segue::Result<void> run();

  /// Column `column`, from 0, of the present row.
  std::string text(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_failure_ = 0;
};

class Database {
 public:
  /// Opens or creates the file `path`; ":memory:" is a database that lives as long as the object.
  static segue::Result<Database> open(const std::string& path);

  segue::Result<Statement> prepare(std::string_view sql);

  /// Runs one or more statements that return nothing.
  segue::Result<void> execute(const std::string& sql);

  /// How many rows the last INSERT, UPDATE or DELETE touched.
  std::int64_t changed_rows() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, Close> handle_;
};

/// All or nothing: what was written since is undone unless `commit()` succeeded.
class Transaction {
 public:
  static segue::Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  segue::Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace jorge
