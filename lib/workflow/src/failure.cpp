#include "failure.h"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <typeinfo>

#include "redacted.h"
#include "segue/model/attributes.h"

namespace segue::detail {
namespace {

class TypeName {
 public:
  explicit TypeName(const std::exception& exception) noexcept
      : mangled_(typeid(exception).name()),
        readable_(abi::__cxa_demangle(mangled_, nullptr, nullptr, nullptr), std::free) {}
  std::string_view view() const noexcept { return readable_ != nullptr ? readable_.get() : mangled_; }

 private:
  const char* mangled_;
  std::unique_ptr<char, void (*)(void*)> readable_;
};

/// Exceptions on their way up: each says at which span it will arrive next. The way may go on on another thread, and an
/// exception's address is used again after its death, hence a ring for all threads with type and text in what is kept.
/// Should 64 others be announced before one arrives, its event is recorded once more.
constinit std::array<std::atomic<std::uint64_t>, 64> exceptions_in_flight{};
constinit std::atomic<std::size_t> announcements{0};

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
  return hash ^ hash >> 32;
}

std::uint64_t arrival_of(const std::exception& exception, const SpanId& at) noexcept {
  std::uint64_t span = 0;
  std::memcpy(&span, at.bytes.data(), sizeof span);
  std::uint64_t hash = mix(span, reinterpret_cast<std::uintptr_t>(&exception));
  hash = mix(hash, typeid(exception).hash_code());
  return mix(hash, std::hash<std::string_view>()(exception.what())) | 1;  // never 0, which is an empty place
}

bool is_recorded_below(const std::exception& exception, const SpanId& own) noexcept {
  const std::uint64_t arrival = arrival_of(exception, own);
  return std::ranges::any_of(exceptions_in_flight, [arrival](std::atomic<std::uint64_t>& place) {
    std::uint64_t expected = arrival;
    return place.load(std::memory_order_relaxed) == arrival &&
           place.compare_exchange_strong(expected, 0, std::memory_order_relaxed);
  });
}

void announce_arrival(const std::exception& exception, const SpanId& at) noexcept {
  const std::size_t number = announcements.fetch_add(1, std::memory_order_relaxed);
  exceptions_in_flight[number % exceptions_in_flight.size()].store(arrival_of(exception, at),
                                                                   std::memory_order_relaxed);
}

}  // namespace

void record_failure(Span& span, const SpanId& parent, const std::exception& exception) noexcept {
  if (!span.is_recording()) return;
  const TypeName type(exception);
  std::string buffer;
  const std::string_view message = redacted(attributes::exception_message, exception.what(), buffer);
  if (!is_recorded_below(exception, span.context().span_id)) {
    if (has_redactor()) {
      span.add_event("exception",
                     {{attributes::exception_type, type.view()}, {attributes::exception_message, message}});
    } else {
      span.record_exception(exception);
    }
  }
  announce_arrival(exception, parent);
  record_failure(span, message, type.view());
}

void record_failure(Span& span, std::string_view message, std::string_view error_type) noexcept {
  span.set(attributes::error_type, error_type);
  span.set_status(StatusCode::Error, message);
}

}  // namespace segue::detail
