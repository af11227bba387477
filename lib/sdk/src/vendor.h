// Vendors by name: where Honeycomb, Datadog, New Relic, Grafana Cloud and Lightstep take OTLP, and with which headers, from
// the variables that their users have set already.
//
// Adding one is a function in vendor.cpp, a line in its table, and rows in variables.cpp. Facts are from the vendors' pages on OTLP intake.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "environment.h"

namespace segue::detail {

struct Vendor {
  std::string_view name;      ///< As in OTEL_TRACES_EXPORTER, e.g. "honeycomb".
  std::string_view variable;  ///< The one whose presence says that the vendor is wanted.
  std::string base_url;       ///< To which /v1/traces is added. Every vendor takes OTLP over HTTP as protobuf.
  TextPairs headers;
  std::string_view domain = {};  ///< Its keys are sent to hosts of this domain only; empty: no keys.
  bool wants_delta = false;      ///< Of metrics, what came since the last time rather than all.
  TextPairs resource = {};       ///< Attributes from the vendor's own variables.
};

/// True for the name of a vendor, in lower case.
bool is_vendor_name(std::string_view name) noexcept;

/// The vendor called `name`; nothing if its variables are not set. FailedPrecondition names the variables it lacks.
Result<Vendor> vendor_named(std::string_view name, const Environment& environment);

/// Those whose variables are set.
std::vector<Vendor> vendors_present(const Environment& environment);

/// True if `url` is at the vendor's.
bool is_host_of(const Vendor& vendor, std::string_view url) noexcept;

}  // namespace segue::detail
