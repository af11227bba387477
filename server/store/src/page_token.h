// Page tokens: where the next page of a query starts. They hold no state in the server.
//
//   const std::uint64_t print = QueryPrint().add(query.service).add(query.name).value();
//   std::string token = make_page_token(print, {last_number, 0});
//   Result<PageStart> start = read_page_token(token, print);
//
// A token is bound to its query: with another one it would silently skip results. Thread safety: pure functions.
// Errors: InvalidArgument for what is not a token of that query.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "segue/base/result.h"

namespace segue::server::detail {

/// A hash over everything that decides which results a query has. Order matters; the page size is no part of it.
class QueryPrint {
 public:
  QueryPrint& add(std::string_view text) noexcept;
  QueryPrint& add(std::uint64_t number) noexcept;
  QueryPrint& add(const std::optional<std::uint64_t>& number) noexcept;
  std::uint64_t value() const noexcept { return hash_; }

 private:
  std::uint64_t hash_ = 0;
};

/// The key of the last result on the page before.
struct PageStart {
  std::uint64_t position = 0;
  std::uint32_t tie = 0;
};

std::string make_page_token(std::uint64_t print, PageStart start);
Result<PageStart> read_page_token(std::string_view token, std::uint64_t print);

/// InvalidArgument unless 1 <= limit <= 1000.
Result<void> check_page_limit(std::uint32_t limit);

}  // namespace segue::server::detail
