// Trace and span ids: 16 and 8 bytes, written as lower-case hex.
//
//   const TraceId id = TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736").value_or(TraceId{});
//
// W3C Trace Context level 2: all zeros is invalid. Plain values; safe to copy between threads.
// Errors: parsing answers an empty optional for anything that is not exactly an id in hex.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "segue/base/hex.h"

namespace segue {

/// `size` bytes that name something; value-initialised it is the invalid id.
template <std::size_t size, class Tag>
struct Id {
  static_assert(size % 8 == 0, "ids are looked at in words");
  static constexpr std::size_t byte_count = size;
  std::array<std::uint8_t, size> bytes = {};

  // Whole words at a time: these two are on the recording path.
  bool is_valid() const noexcept {
    std::uint64_t seen = 0;
    for (std::size_t at = 0; at < size; at += 8) seen |= word(at);
    return seen != 0;
  }
  bool operator==(const Id& other) const noexcept {
    std::uint64_t difference = 0;
    for (std::size_t at = 0; at < size; at += 8) difference |= word(at) ^ other.word(at);
    return difference == 0;
  }
  std::strong_ordering operator<=>(const Id& other) const noexcept { return bytes <=> other.bytes; }

  std::string to_hex() const { return segue::to_hex(bytes); }

  /// Accepts exactly `2 * size` hex digits of either case; the all-zero id is accepted too.
  static std::optional<Id> from_hex(std::string_view digits) noexcept {
    Id id;
    if (!decode_hex(digits, id.bytes)) return std::nullopt;
    return id;
  }

  /// From the raw bytes of a wire format; empty unless there are exactly `size` of them.
  static std::optional<Id> from_bytes(std::string_view raw) noexcept {
    if (raw.size() != size) return std::nullopt;
    Id id;
    std::memcpy(id.bytes.data(), raw.data(), size);
    return id;
  }

  std::string_view as_bytes() const noexcept { return {reinterpret_cast<const char*>(bytes.data()), size}; }

  /// Eight bytes as they lie in memory; `at` is a multiple of 8.
  std::uint64_t word(std::size_t at) const noexcept {
    std::uint64_t value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }
};

using TraceId = Id<16, struct TraceIdTag>;
using SpanId = Id<8, struct SpanIdTag>;

/// Hash for unordered containers: ids are random, so their last eight bytes serve.
struct IdHash {
  template <std::size_t size, class Tag>
  std::size_t operator()(const Id<size, Tag>& id) const noexcept {
    return static_cast<std::size_t>(id.word(size - 8) * 0x9e3779b97f4a7c15U);
  }
};

}  // namespace segue
