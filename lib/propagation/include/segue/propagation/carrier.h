// Carriers: where a context travels. Whatever holds named text fields can carry one.
//
//   std::map<std::string, std::string> row;                  // a JSON object, a database row, a queue message
//   propagator.inject(context, MapWriter(row));
//   const Context stored = propagator.extract(MapReader(row));
//
//   std::vector<std::pair<std::string, std::string>> headers;  // HTTP: names match in any case, may repeat
//   const Context received = propagator.extract(HeaderReader(headers));
//
// An adapter refers to its container, which must outlive it; make one where it is used.
// Thread safety: that of the container. Errors: none of their own; what a container throws passes through.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace segue {
namespace detail {
/// What `get_all` answers where a key cannot repeat.
inline std::size_t put_first(const std::optional<std::string_view>& value, std::span<std::string_view> out) noexcept {
  if (value && !out.empty()) out[0] = *value;
  return value ? 1 : 0;
}
}  // namespace detail

/// Where a propagator reads fields from. It asks with lower-case keys.
class CarrierReader {
 public:
  virtual ~CarrierReader() = default;

  /// The first value of `key`, valid as long as the carrier is not changed.
  virtual std::optional<std::string_view> get(std::string_view key) const = 0;

  /// Puts the values of every field called `key` into `out`, in order, and returns how many there are, which may
  /// be more than `out` holds. Carriers whose keys cannot repeat keep the default.
  virtual std::size_t get_all(std::string_view key, std::span<std::string_view> out) const {
    return detail::put_first(get(key), out);
  }
};

/// Where a propagator writes fields to.
class CarrierWriter {
 public:
  virtual ~CarrierWriter() = default;

  /// Gives `key` this one value, replacing what it had.
  virtual void set(std::string_view key, std::string_view value) = 0;
};

/// Whether two field names are the same in HTTP, where ASCII case does not count.
inline bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [lower](char a, char b) { return lower(a) == lower(b); });
}

namespace detail {
/// map.find(key), without a key object where the map can do without.
template <class Map>
auto find_key(Map& map, std::string_view key) {
  if constexpr (requires { map.find(key); }) {
    return map.find(key);
  } else {
    return map.find(typename Map::key_type(key));
  }
}
}  // namespace detail

/// Reads std::map, std::unordered_map and their like, by exact key.
template <class Map>
class MapReader final : public CarrierReader {
 public:
  explicit MapReader(const Map& map) noexcept : map_(map) {}

  std::optional<std::string_view> get(std::string_view key) const override {
    const auto found = detail::find_key(map_, key);
    if (found == map_.end()) return std::nullopt;
    return std::string_view(found->second);
  }

 private:
  const Map& map_;
};

/// Writes std::map, std::unordered_map and their like, by exact key. Text that is there already gives its memory.
template <class Map>
class MapWriter final : public CarrierWriter {
 public:
  explicit MapWriter(Map& map) noexcept : map_(map) {}

  void set(std::string_view key, std::string_view value) override {
    if (const auto found = detail::find_key(map_, key); found == map_.end()) {
      map_.emplace(typename Map::key_type(key), typename Map::mapped_type(value));
    } else if constexpr (std::is_assignable_v<typename Map::mapped_type&, std::string_view>) {
      found->second = value;
    } else {
      found->second = typename Map::mapped_type(value);
    }
  }

 private:
  Map& map_;
};

/// Reads any range of (name, value) pairs: header lists, multimaps, maps with keys in unknown case. Linear search.
template <class Range>
class HeaderReader final : public CarrierReader {
 public:
  explicit HeaderReader(const Range& fields) noexcept : fields_(fields) {}

  std::optional<std::string_view> get(std::string_view key) const override {
    for (const auto& [name, value] : fields_) {
      if (equal_ignoring_case(name, key)) return std::string_view(value);
    }
    return std::nullopt;
  }

  std::size_t get_all(std::string_view key, std::span<std::string_view> out) const override {
    std::size_t count = 0;
    for (const auto& [name, value] : fields_) {
      if (!equal_ignoring_case(name, key)) continue;
      if (count < out.size()) out[count] = std::string_view(value);
      ++count;
    }
    return count;
  }

 private:
  const Range& fields_;
};

/// Writes a sequence of (name, value) pairs such as std::vector; fields of the same name in any case are replaced.
template <class Sequence>
class HeaderWriter final : public CarrierWriter {
 public:
  explicit HeaderWriter(Sequence& fields) noexcept : fields_(fields) {}

  void set(std::string_view key, std::string_view value) override {
    std::erase_if(fields_, [key](const auto& field) { return equal_ignoring_case(field.first, key); });
    fields_.emplace_back(std::string(key), std::string(value));
  }

 private:
  Sequence& fields_;
};

/// Reads through a callable `std::optional<std::string_view>(std::string_view key)`: any other framework's headers.
template <class Lookup>
class LookupReader final : public CarrierReader {
 public:
  explicit LookupReader(Lookup lookup) : lookup_(std::move(lookup)) {}
  std::optional<std::string_view> get(std::string_view key) const override { return lookup_(key); }
  std::size_t get_all(std::string_view key, std::span<std::string_view> out) const override {
    return detail::put_first(lookup_(key), out);
  }

 private:
  Lookup lookup_;
};

/// Writes through a callable `void(std::string_view key, std::string_view value)`.
template <class Store>
class StoreWriter final : public CarrierWriter {
 public:
  explicit StoreWriter(Store store) : store_(std::move(store)) {}
  void set(std::string_view key, std::string_view value) override { store_(key, value); }

 private:
  Store store_;
};

}  // namespace segue
