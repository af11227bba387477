// Reads an ExportMetricsServiceRequest back, by the field numbers of opentelemetry-proto and not by the encoder's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <protozero/pbf_reader.hpp>

namespace segue::test {

struct DecodedPoint {
  std::map<std::string, std::string> attributes;  ///< Texts; true as "true".
  std::uint64_t start = 0;
  std::uint64_t time = 0;
  std::int64_t value = 0;
  std::uint64_t count = 0;
  double sum = 0;
  double min = 0;
  double max = 0;
  std::vector<std::uint64_t> buckets;
  std::vector<double> bounds;
};

struct DecodedMetric {
  std::string name;
  std::string unit;
  std::string description;
  int temporality = 0;
  bool is_monotonic = false;
  std::vector<DecodedPoint> points;
};

inline std::string decode_any_value(protozero::pbf_reader any) {
  std::string text;
  while (any.next()) {
    switch (any.tag()) {
      case 1: text = any.get_string(); break;
      case 2: text = any.get_bool() ? "true" : "false"; break;
      case 3: text = std::to_string(any.get_int64()); break;
      default: any.skip();
    }
  }
  return text;
}

inline void decode_attribute(protozero::pbf_reader pair, std::map<std::string, std::string>& attributes) {
  std::string key;
  while (pair.next()) {
    if (pair.tag() == 1) {
      key = pair.get_string();
    } else {
      attributes[key] = decode_any_value(pair.get_message());
    }
  }
}

inline DecodedPoint decode_number_point(protozero::pbf_reader reader) {
  DecodedPoint point;
  while (reader.next()) {
    switch (reader.tag()) {
      case 2: point.start = reader.get_fixed64(); break;
      case 3: point.time = reader.get_fixed64(); break;
      case 6: point.value = reader.get_sfixed64(); break;
      case 7: decode_attribute(reader.get_message(), point.attributes); break;
      default: reader.skip();
    }
  }
  return point;
}

inline DecodedPoint decode_histogram_point(protozero::pbf_reader reader) {
  DecodedPoint point;
  while (reader.next()) {
    switch (reader.tag()) {
      case 2: point.start = reader.get_fixed64(); break;
      case 3: point.time = reader.get_fixed64(); break;
      case 4: point.count = reader.get_fixed64(); break;
      case 5: point.sum = reader.get_double(); break;
      case 6:
        for (const auto bucket : reader.get_packed_fixed64()) point.buckets.push_back(bucket);
        break;
      case 7:
        for (const auto bound : reader.get_packed_double()) point.bounds.push_back(bound);
        break;
      case 9: decode_attribute(reader.get_message(), point.attributes); break;
      case 11: point.min = reader.get_double(); break;
      case 12: point.max = reader.get_double(); break;
      default: reader.skip();
    }
  }
  return point;
}

inline void decode_series(protozero::pbf_reader reader, bool is_histogram, DecodedMetric& metric) {
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        metric.points.push_back(is_histogram ? decode_histogram_point(reader.get_message())
                                             : decode_number_point(reader.get_message()));
        break;
      case 2: metric.temporality = reader.get_enum(); break;
      case 3: metric.is_monotonic = reader.get_bool(); break;
      default: reader.skip();
    }
  }
}

inline DecodedMetric decode_metric(protozero::pbf_reader reader) {
  DecodedMetric metric;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1: metric.name = reader.get_string(); break;
      case 2: metric.description = reader.get_string(); break;
      case 3: metric.unit = reader.get_string(); break;
      case 7: decode_series(reader.get_message(), false, metric); break;
      case 9: decode_series(reader.get_message(), true, metric); break;
      default: reader.skip();
    }
  }
  return metric;
}

/// All metrics of a request by name.
inline std::map<std::string, DecodedMetric> decode_metrics(const std::string& request) {
  std::map<std::string, DecodedMetric> metrics;
  protozero::pbf_reader root(request);
  while (root.next(1)) {
    protozero::pbf_reader group = root.get_message();
    while (group.next(2)) {
      protozero::pbf_reader scope = group.get_message();
      while (scope.next(2)) {
        DecodedMetric metric = decode_metric(scope.get_message());
        std::string name = metric.name;
        metrics.emplace(std::move(name), std::move(metric));
      }
    }
  }
  return metrics;
}

/// The attributes of a request's resource.
inline std::map<std::string, std::string> decode_resource(const std::string& request) {
  std::map<std::string, std::string> attributes;
  protozero::pbf_reader root(request);
  while (root.next(1)) {
    protozero::pbf_reader group = root.get_message();
    while (group.next(1)) {
      protozero::pbf_reader resource = group.get_message();
      while (resource.next(1)) decode_attribute(resource.get_message(), attributes);
    }
  }
  return attributes;
}

}  // namespace segue::test
