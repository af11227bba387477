#include "segue/server/query/text_tree.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "segue/server/query/single_line.h"
#include "segue/server/query/trace_tree.h"

namespace segue::server {
namespace {

/// Deeper spans are drawn at this depth; a line's indentation would otherwise be most of the output.
constexpr std::size_t max_indentation = 200;

std::string format(const char* pattern, double value) {
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), pattern, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string counted(std::uint64_t count, const char* noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

/// Remembers, for each level above the present line, whether its rail goes on.
class Rails {
 public:
  std::string prefix(const TreePosition& position) {
    const std::size_t depth = std::min(position.depth, max_indentation);
    is_last_.resize(depth);
    is_last_.push_back(position.is_last);
    std::string prefix;
    for (std::size_t level = 0; level < depth; ++level) prefix += is_last_[level] ? "   " : "│  ";
    return prefix + (position.is_last ? "└─ " : "├─ ");
  }

 private:
  std::vector<bool> is_last_;
};

std::string describe(const SpanView& span) {
  std::string line = to_single_line(span.name) + " (" + format_duration(span.duration_nanos()) + ')';
  if (span.status != StatusCode::Error) return line;
  return line + " ERROR" + (span.status_message.empty() ? "" : ": " + to_single_line(span.status_message));
}

std::uint64_t duration_of(std::span<const SpanView> spans) {
  if (spans.empty()) return 0;
  std::uint64_t start = spans.front().start_unix_nanos;
  std::uint64_t end = start;
  for (const SpanView& span : spans) {
    start = std::min(start, span.start_unix_nanos);
    end = std::max({end, span.start_unix_nanos, span.end_unix_nanos});
  }
  return end - start;
}

std::string join_bots(const std::vector<std::string>& bots) {
  std::string joined;
  for (const std::string& bot : bots) joined += (joined.empty() ? "" : " -> ") + to_single_line(bot);
  return joined;
}

std::string describe_lost(const HandoffRecord& handoff) {
  const std::string target = to_single_line(handoff.target_bot);
  return "Lost lead: " + target + " never spoke after the handoff from " + to_single_line(handoff.source_bot) + " at " +
         format_utc(handoff.start_unix_nanos) + '\n';
}

}  // namespace

std::string format_duration(std::uint64_t nanos) {
  const auto value = static_cast<double>(nanos);
  const double micros = std::round(value / 1e3);
  if (micros < 100) return format("%.0fµs", micros);
  const double tenths = std::round(value / 1e5);
  if (tenths < 100) return format("%.1fms", tenths / 10);
  const double millis = std::round(value / 1e6);
  if (millis < 10'000) return format("%.0fms", millis);
  return format("%.1fs", value / 1e9);
}

std::string format_utc(std::uint64_t unix_nanos) {
  const auto seconds = static_cast<std::time_t>(unix_nanos / 1'000'000'000);
  std::tm fields{};
  gmtime_r(&seconds, &fields);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &fields);
  return {text.data(), length};
}

std::string render_trace(const TraceId& trace_id, std::span<const SpanView> spans) {
  std::string text = "Trace ID: " + trace_id.to_hex() + "\nDuration: " + format_duration(duration_of(spans)) + "\n\n";
  const TraceTree tree = assemble(spans);
  const bool stands_alone = tree.roots.size() == 1;
  Rails rails;
  walk(tree, [&](TreePosition position) {
    if (position.depth == 0 && stands_alone) position.is_last = false;
    text += rails.prefix(position) + describe(spans[position.span]) + '\n';
  });
  return text;
}

std::string render_journey(const Journey& journey) {
  std::string text = "Contact: " + to_single_line(journey.contact_id) + "\nJourney: ";
  text += counted(journey.traces.size(), "trace") + ", " + counted(journey.spans, "span") + ", ";
  if (!journey.bots.empty()) text += join_bots(journey.bots) + ", ";
  text += format_utc(journey.first_unix_nanos) + " .. " + format_utc(journey.last_unix_nanos) + '\n';
  for (const JourneyHandoff& handoff : journey.handoffs) {
    if (handoff.is_lost()) text += describe_lost(handoff.record);
  }
  for (const JourneyTrace& trace : journey.traces) {
    text += '\n' + render_trace(trace.summary.trace_id, trace.spans.spans);
  }
  if (journey.is_truncated) text += "\nThere is more: the journey is longer than can be shown at once.\n";
  return text;
}

}  // namespace segue::server
