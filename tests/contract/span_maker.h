// SpanMaker: builds the spans that the store's tests append, and owns every text in them.
//
//   SpanMaker maker;
//   maker.node(1, 10, "lead_bot", "analyze_intent", "contact_1", 1000);    // trace 1, span 10, starts at 1000
//   store.append(maker.list());
//
// Numbers stand for ids: `trace_id(1)` and `span_id(10)` give the ids. Not thread-safe. Errors: none.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "segue/model/span_view.h"

namespace segue::server::contract {

TraceId trace_id(std::uint64_t number);
SpanId span_id(std::uint64_t number);

class SpanMaker {
 public:
  explicit SpanMaker(std::string_view service = "jorge") { use_service(service); }

  /// Spans added from now on belong to that service.
  void use_service(std::string_view service);

  /// A bare span that lasts `length` nanoseconds. References stay valid until the next span is added.
  SpanView& span(std::uint64_t trace, std::uint64_t span, std::string_view name, std::uint64_t start,
                 std::uint64_t length = 100);
  SpanView& node(std::uint64_t trace, std::uint64_t span, std::string_view bot, std::string_view node,
                 std::string_view contact, std::uint64_t start, std::uint64_t length = 100);
  SpanView& handoff(std::uint64_t trace, std::uint64_t span, std::string_view source, std::string_view target,
                    std::string_view contact, std::uint64_t start);

  /// A copy of the text that lives as long as the maker.
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }
  void set(SpanView& span, std::string_view key, std::string_view value) {
    span.attributes.push_back({keep(key), keep(value)});
  }

  const SpanList& list() const noexcept { return list_; }
  SpanList& list() noexcept { return list_; }

 private:
  std::deque<std::string> texts_;
  SpanList list_;
};

}  // namespace segue::server::contract
