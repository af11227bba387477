// MetricExporter: sends one collection of metrics somewhere.
//
// Thread safety: never called concurrently. Errors: a result, never an exception, as in Exporter.
#pragma once

#include <string_view>

#include "segue/export/exporter.h"

namespace segue {

class MetricExporter {
 public:
  virtual ~MetricExporter() = default;
  /// `request` is an encoded ExportMetricsServiceRequest.
  virtual ExportResult export_metrics(std::string_view request) noexcept = 0;
  virtual std::string_view name() const noexcept = 0;
};

}  // namespace segue
