// What instruments count into: a cell per combination of attributes, under one lock per instrument.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "segue/metrics/meter_provider.h"

namespace segue::detail {

struct InstrumentInfo {
  std::string name;
  std::string unit;
  std::string description;
};

/// When a collection begins and ends, and whether what was told is forgotten.
struct CollectionWindow {
  std::uint64_t start_unix_nanos;
  std::uint64_t end_unix_nanos;
  Temporality temporality;
};

/// The attributes as fields of a data point, sorted, so that equal sets are equal bytes.
std::string encode_sorted(char field_tag, Attributes attributes);

/// The cells of one instrument; the caller holds its lock.
template <class Cell>
class CellMap {
 public:
  CellMap(char attributes_tag, std::size_t max_sets) : attributes_tag_(attributes_tag), max_sets_(max_sets) {}

  Cell& at(Attributes attributes) {
    std::string key = encode_sorted(attributes_tag_, attributes);
    if (const auto known = cells_.find(key); known != cells_.end()) return known->second;
    if (cells_.size() + 1 < max_sets_) return cells_[std::move(key)];
    return cells_[encode_sorted(attributes_tag_, {{"otel.metric.overflow", true}})];
  }

  /// By encoded attributes.
  const auto& cells() const noexcept { return cells_; }
  void clear() noexcept { cells_.clear(); }

 private:
  const char attributes_tag_;
  const std::size_t max_sets_;
  std::unordered_map<std::string, Cell> cells_;
};

class Instrument {
 public:
  explicit Instrument(InstrumentInfo info) : info_(std::move(info)) {}
  virtual ~Instrument() = default;
  const InstrumentInfo& info() const noexcept { return info_; }

  /// A Metric message, empty if there is no value.
  virtual std::string collect(const CollectionWindow& window) = 0;

  /// Held over a fork, so that the child does not find it held by a thread that it does not have.
  std::mutex& mutex() noexcept { return mutex_; }
  /// In the child, with the lock held: what was counted is the parent's.
  virtual void forget() noexcept = 0;

 protected:
  std::mutex mutex_;  ///< Guards what is counted.

 private:
  InstrumentInfo info_;
};

class CounterState final : public Instrument {
 public:
  CounterState(InstrumentInfo info, std::size_t max_sets);
  void add(std::uint64_t amount, Attributes attributes);
  std::string collect(const CollectionWindow& window) override;
  void forget() noexcept override { cells_.clear(); }

 private:
  CellMap<std::uint64_t> cells_;
};

class ObservedCounter final : public Instrument {
 public:
  using Instrument::Instrument;
  /// Returns its number, from 0.
  std::size_t add_series(Attributes attributes);
  /// Ignores a value below the one before, as another collection's may come first.
  void set(std::size_t series, std::uint64_t value);
  std::string collect(const CollectionWindow& window) override;
  void forget() noexcept override;

 private:
  struct Series {
    std::string attributes;
    std::uint64_t value = 0;
    std::uint64_t told = 0;
  };
  std::vector<Series> series_;
};

/// Several series whose values are read together.
struct ObservedSource {
  std::function<void(std::span<std::uint64_t>)> read;
  std::vector<std::pair<ObservedCounter*, std::size_t>> series = {};  ///< Instrument and number, in `read`'s order.
};

class HistogramState final : public Instrument {
 public:
  HistogramState(InstrumentInfo info, std::size_t max_sets, std::span<const double> bounds);
  void record(double value, Attributes attributes);
  std::string collect(const CollectionWindow& window) override;
  void forget() noexcept override { cells_.clear(); }

 private:
  struct Cell {
    std::vector<std::uint64_t> counts;
    double sum = 0;
    double min = 0;
    double max = 0;
    std::uint64_t count = 0;
  };
  std::string data_point(const std::string& attributes, const Cell& cell, const CollectionWindow& window) const;

  const std::vector<double> bounds_;
  CellMap<Cell> cells_;
};

}  // namespace segue::detail
