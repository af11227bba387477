#include "segue/export/console_exporter.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>

#include "segue/export/request_frame.h"
#include "segue/model/span_view.h"
#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"

namespace segue {
namespace {

constexpr std::uint64_t nanos_per_second = 1'000'000'000;

/// ISO 8601 in UTC, with microseconds.
std::string format_time(std::uint64_t unix_nanos) {
  const auto seconds = static_cast<std::time_t>(unix_nanos / nanos_per_second);
  std::tm parts = {};
  gmtime_r(&seconds, &parts);
  std::array<char, 80> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06uZ", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<unsigned>(unix_nanos % nanos_per_second / 1000));
  return text.data();
}

std::string format_milliseconds(double nanos) {
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%.3f ms", nanos / 1e6);
  return text.data();
}

/// Text that may come from anywhere, made safe for a terminal.
std::string printable(std::string_view text) {
  std::string safe(text);
  std::ranges::replace_if(safe, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return safe;
}

std::string format_value(const ValueView& value) {
  std::string text;
  otlp::append_json_value(text, value);
  return text;
}

std::string format_attributes(const AttributeViews& attributes) {
  std::string text = "{";
  for (const AttributeView& attribute : attributes) {
    if (text.size() > 1) text += ',';
    otlp::append_json_string(text, attribute.key);
    text += ':' + format_value(attribute.value);
  }
  return text + '}';
}

void print_headline(std::ostream& out, const SpanView& span) {
  out << format_time(span.start_unix_nanos) << ' ' << printable(span.name) << ' '
      << format_milliseconds(static_cast<double>(span.duration_nanos())) << ' ' << to_string(span.kind);
  if (span.status != StatusCode::Unset) out << ' ' << to_string(span.status);
  if (!span.status_message.empty()) out << ": " << printable(span.status_message);
  out << '\n';
}

void print_identity(std::ostream& out, const SpanView& span) {
  out << "  trace " << span.trace_id.to_hex() << " span " << span.span_id.to_hex();
  if (span.parent_span_id.is_valid()) out << " parent " << span.parent_span_id.to_hex();
  if (!span.resource->service().empty()) out << " service " << printable(span.resource->service());
  if (!span.scope->name.empty()) out << " scope " << printable(span.scope->name);
  if (!span.scope->version.empty()) out << ' ' << printable(span.scope->version);
  out << '\n';
}

void print_span(std::ostream& out, const SpanView& span) {
  print_headline(out, span);
  print_identity(out, span);
  for (const AttributeView& attribute : span.attributes) {
    out << "  " << printable(attribute.key) << " = " << format_value(attribute.value) << '\n';
  }
  for (const EventView& event : span.events) {
    const auto after_start = static_cast<std::int64_t>(event.time_unix_nanos - span.start_unix_nanos);
    out << "  event " << printable(event.name) << " +" << format_milliseconds(static_cast<double>(after_start)) << ' '
        << format_attributes(event.attributes) << '\n';
  }
  for (const LinkView& link : span.links) {
    out << "  link trace " << link.trace_id.to_hex() << " span " << link.span_id.to_hex() << ' '
        << format_attributes(link.attributes) << '\n';
  }
}

}  // namespace

ConsoleExporter::ConsoleExporter() noexcept : out_(std::cout) {}

ExportResult ConsoleExporter::export_spans(const ExportBatch& batch) noexcept {
  try {
    const std::string request = RequestFrame(batch).joined();
    const auto decoded = otlp::decode_request(request);
    if (!decoded) return {.outcome = ExportOutcome::Rejected, .message = decoded.error().message};
    for (const SpanView& span : decoded->list.spans) print_span(out_, span);
    if (!out_.flush()) return {.outcome = ExportOutcome::Rejected, .message = "the output stream refuses"};
    return {.rejected_spans = decoded->rejected_spans, .message = decoded->rejection_message};
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

}  // namespace segue
