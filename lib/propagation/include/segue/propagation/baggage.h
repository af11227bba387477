// Baggage: an application's own key-value pairs that travel with the trace (W3C Baggage).
//
//   Baggage baggage;
//   if (auto more = baggage.with("campaign", "spring sale")) baggage = *std::move(more);
//   baggage.header();                        // campaign=spring%20sale
//   Baggage::parse(header).baggage.get("campaign");  // spring sale
//
// An immutable value: changing it makes a new one, copying shares. Thread safety: a value may be read and copied
// from any thread. Errors: `with` refuses what could not travel; `parse` keeps every valid member and counts the others. At
// the limits (64 members, 8192 bytes of header) whole members are left out, never parts of one. In programs built with
// SEGUE_NO_TRACING nothing travels, and baggage is always empty.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "segue/base/result.h"

namespace segue {

struct BaggageMember {
  std::string key;         ///< An HTTP token; case matters.
  std::string value;       ///< Decoded text, always valid UTF-8.
  std::string properties;  ///< As in the header, "ttl=60;private"; empty when there are none.
  bool operator==(const BaggageMember&) const = default;
};

struct ParsedBaggage;

#if defined(SEGUE_NO_TRACING)
class Baggage {
 public:
  static constexpr std::size_t max_members = 64;
  static constexpr std::size_t max_header_bytes = 8192;

  static ParsedBaggage parse(std::string_view) noexcept;
  static ParsedBaggage parse(std::span<const std::string_view>) noexcept;

  std::optional<std::string_view> get(std::string_view) const noexcept { return std::nullopt; }
  std::span<const BaggageMember> members() const noexcept { return {}; }
  bool is_empty() const noexcept { return true; }
  Result<Baggage> with(std::string_view, std::string_view, std::string_view = {}) const { return Baggage(); }
  Baggage without(std::string_view) const noexcept { return {}; }
  std::string_view header() const noexcept { return {}; }
};
#else
class Baggage {
 public:
  static constexpr std::size_t max_members = 64;
  static constexpr std::size_t max_header_bytes = 8192;

  Baggage() = default;

  /// Reads a header's value. Repeated keys are kept, in order. Percent-encoded bytes that are not UTF-8 become U+FFFD.
  static ParsedBaggage parse(std::string_view header);
  /// Reads a header that came in several fields, as if they were one joined with commas.
  static ParsedBaggage parse(std::span<const std::string_view> headers);

  /// The value of `key`; of its last member when it is repeated.
  std::optional<std::string_view> get(std::string_view key) const noexcept;

  std::span<const BaggageMember> members() const noexcept;
  bool is_empty() const noexcept { return content_ == nullptr; }

  /// The same baggage with `key` having this one value, as the last member. InvalidArgument for a key that is not a
  /// token or properties that do not follow the grammar, LimitExceeded where the result could not travel.
  Result<Baggage> with(std::string_view key, std::string_view value, std::string_view properties = {}) const;

  /// The same baggage without `key`.
  Baggage without(std::string_view key) const;

  /// The header's value, percent-encoded; empty for empty baggage. Valid as long as any copy of this value is.
  std::string_view header() const noexcept;

 private:
  struct Content;
  explicit Baggage(Content content);
  Content content_without(std::string_view key) const;

  std::shared_ptr<const Content> content_;  // null when empty
};
#endif

struct ParsedBaggage {
  Baggage baggage;
  std::size_t dropped_members = 0;  ///< Malformed, or beyond the limits.
};

#if defined(SEGUE_NO_TRACING)
inline ParsedBaggage Baggage::parse(std::string_view) noexcept { return {}; }
inline ParsedBaggage Baggage::parse(std::span<const std::string_view>) noexcept { return {}; }
#endif

}  // namespace segue
