// ReceivedSpan: a span as it came out at an exporter's other end, in words that all formats share, to be compared.
//
// Thread safety: plain values. Errors: none.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "segue/model/span_view.h"

namespace segue::contract {

struct ReceivedSpan {
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;  ///< Empty for a root.
  std::string name;
  std::string kind;  ///< "internal", "server", ...
  std::uint64_t start_micros = 0;
  std::uint64_t duration_micros = 0;
  std::map<std::string, std::string> attributes;  ///< Values as text; what is not text as JSON.
  std::vector<std::string> events;                ///< Name, a blank, and the attributes as a JSON object.
  std::vector<std::string> links;                 ///< Trace id, '-', span id.
  std::string status;                             ///< "unset", "ok", "error".
  std::string status_message;
  std::string service;
  std::string scope;  ///< Name, '@', version.
  std::string schema_url;

  auto operator<=>(const ReceivedSpan&) const = default;
};

void PrintTo(const ReceivedSpan& span, std::ostream* out);

/// What a receiver that gets everything would see.
ReceivedSpan to_received(const SpanView& span);

/// All spans of an OTLP request in protobuf; throws if it cannot be decoded.
std::vector<ReceivedSpan> from_otlp(std::string_view request);

/// Text as it is, everything else as JSON without the quotes JSON puts around bytes.
std::string value_as_text(const ValueView& value);

/// {"key":value,...}
std::string attributes_as_json(const AttributeViews& attributes);

}  // namespace segue::contract
