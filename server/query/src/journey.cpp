#include "segue/server/query/journey.h"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_set>

#include "segue/server/recognise/recognition.h"

namespace segue::server {
namespace {

void add_once(std::vector<std::string>& list, std::string_view value) {
  if (value.empty() || std::find(list.begin(), list.end(), value) != list.end()) return;
  list.emplace_back(value);
}

void sort_by_start(std::vector<const SpanView*>& spans) {
  std::stable_sort(spans.begin(), spans.end(), [](const SpanView* left, const SpanView* right) {
    return left->start_unix_nanos < right->start_unix_nanos;
  });
}

/// Walks from trace to trace over links, breadth first, as far as the limits allow.
class Collector {
 public:
  Collector(Store& store, std::string_view contact_id, const JourneyLimits& limits)
      : store_(store), contact_id_(contact_id), limits_(limits) {}

  Result<void> collect(const std::vector<TraceId>& own_traces) {
    for (const TraceId& id : own_traces) enqueue(id, 0);
    for (; !pending_.empty(); pending_.pop_front()) {
      const Step step = pending_.front();
      if (traces_.size() >= limits_.max_traces) {
        is_truncated_ = true;
        break;
      }
      if (Result<void> visited = visit(step); !visited) return visited;
    }
    return {};
  }

  std::vector<JourneyTrace> take_traces() && { return std::move(traces_); }
  bool is_truncated() const noexcept { return is_truncated_; }

 private:
  struct Step {
    TraceId trace_id;
    std::size_t hops;
  };

  void enqueue(const TraceId& id, std::size_t hops) {
    if (id.is_valid() && seen_.insert(id).second) pending_.push_back({id, hops});
  }

  Result<void> visit(const Step& step) {
    Result<SpanList> spans = store_.trace(step.trace_id);
    if (!spans) {
      // A link may lead to what was never stored or is stored no more.
      if (spans.error().code == Errc::NotFound) return {};
      return spans.error().with_context("trace " + step.trace_id.to_hex());
    }
    TraceSummary summary = summarise(step.trace_id, spans->spans);
    if (step.hops > 0 && belongs_to_others(summary)) return {};
    if (!traces_.empty() && span_count_ + spans->spans.size() > limits_.max_spans) {
      is_truncated_ = true;
      return {};
    }
    span_count_ += spans->spans.size();
    Result<void> followed = follow_links(step, spans->spans);
    traces_.push_back({std::move(summary), std::move(*spans)});
    return followed;
  }

  bool belongs_to_others(const TraceSummary& summary) const {
    const std::vector<std::string>& contacts = summary.contact_ids;
    return !contacts.empty() && std::find(contacts.begin(), contacts.end(), contact_id_) == contacts.end();
  }

  Result<void> follow_links(const Step& step, std::span<const SpanView> spans) {
    Result<std::vector<TraceId>> linking_here = store_.traces_linking_to(step.trace_id);
    if (!linking_here) return linking_here.error().with_context("links to " + step.trace_id.to_hex());
    std::vector<TraceId> next = std::move(*linking_here);
    for (const SpanView& span : spans) {
      for (const LinkView& link : span.links) next.push_back(link.trace_id);
    }
    for (const TraceId& id : next) {
      if (step.hops < limits_.max_link_hops) {
        enqueue(id, step.hops + 1);
      } else if (!seen_.contains(id)) {
        is_truncated_ = true;
      }
    }
    return {};
  }

  Store& store_;
  std::string_view contact_id_;
  const JourneyLimits& limits_;
  std::deque<Step> pending_;
  std::unordered_set<TraceId, IdHash> seen_;
  std::vector<JourneyTrace> traces_;
  std::size_t span_count_ = 0;
  bool is_truncated_ = false;
};

HandoffRecord to_record(const SpanView& span, const Recognition& meaning) {
  const HandoffView& handoff = *meaning.handoff;
  const std::string_view contact = handoff.contact_id.empty() ? meaning.contact_id : handoff.contact_id;
  return {.source_bot = std::string(handoff.source),
          .target_bot = std::string(handoff.target),
          .contact_id = std::string(contact),
          .reason = std::string(handoff.reason),
          .outcome = std::string(handoff.outcome),
          .confidence = handoff.confidence,
          .trace_id = span.trace_id,
          .span_id = span.span_id,
          .start_unix_nanos = span.start_unix_nanos,
          .end_unix_nanos = span.end_unix_nanos};
}

/// Reads what the journey's spans, all its traces together in order of time, say about it.
void fill_from_spans(Journey& journey, const std::vector<const SpanView*>& spans) {
  std::map<std::string_view, std::uint64_t> last_words;  // by bot: when its latest span began
  for (const SpanView* span : spans) {
    const Recognition meaning = recognise(*span);
    // A span that names a contact but no conversation is recognised as a conversation of the contact's own id.
    if (meaning.conversation_id != journey.contact_id) add_once(journey.conversation_ids, meaning.conversation_id);
    add_once(journey.bots, meaning.bot);
    journey.errors += meaning.is_error ? 1 : 0;
    journey.last_unix_nanos = std::max({journey.last_unix_nanos, span->start_unix_nanos, span->end_unix_nanos});
    if (meaning.handoff) {
      HandoffRecord record = to_record(*span, meaning);
      const bool is_ours = record.contact_id.empty() || record.contact_id == journey.contact_id;
      if (is_ours) journey.handoffs.push_back({std::move(record)});
    } else if (!meaning.bot.empty()) {
      last_words[meaning.bot] = span->start_unix_nanos;
    }
  }
  for (JourneyHandoff& handoff : journey.handoffs) {
    const auto words = last_words.find(handoff.record.target_bot);
    handoff.target_spoke = words != last_words.end() && words->second >= handoff.record.start_unix_nanos;
  }
}

}  // namespace

std::vector<const SpanView*> Journey::spans_by_start() const {
  std::vector<const SpanView*> all;
  for (const JourneyTrace& trace : traces) {
    for (const SpanView& span : trace.spans.spans) all.push_back(&span);
  }
  sort_by_start(all);
  return all;
}

TraceSummary summarise(const TraceId& trace_id, std::span<const SpanView> spans) {
  TraceSummary summary{};
  summary.trace_id = trace_id;
  summary.spans = static_cast<std::uint32_t>(spans.size());
  if (spans.empty()) return summary;

  std::vector<const SpanView*> in_order;
  in_order.reserve(spans.size());
  for (const SpanView& span : spans) in_order.push_back(&span);
  sort_by_start(in_order);
  summary.start_unix_nanos = in_order.front()->start_unix_nanos;
  for (const SpanView* span : in_order) {
    const Recognition meaning = recognise(*span);
    add_once(summary.bots, meaning.bot);
    add_once(summary.contact_ids, meaning.contact_id);
    summary.errors += meaning.is_error ? 1 : 0;
    summary.end_unix_nanos = std::max({summary.end_unix_nanos, span->start_unix_nanos, span->end_unix_nanos});
  }

  const auto is_root = [](const SpanView* span) { return !span->parent_span_id.is_valid(); };
  const auto root = std::find_if(in_order.begin(), in_order.end(), is_root);
  const SpanView& named_after = root != in_order.end() ? **root : *in_order.front();
  summary.root_name = named_after.name;
  summary.root_service = named_after.resource->service();
  return summary;
}

Result<Journey> assemble_journey(Store& store, std::string_view contact_id, const JourneyLimits& limits) {
  Result<std::vector<TraceId>> own_traces = store.traces_of_contact(contact_id);
  if (!own_traces) return own_traces.error();

  Collector collector(store, contact_id, limits);
  if (Result<void> collected = collector.collect(*own_traces); !collected) return collected.error();
  Journey journey;
  journey.contact_id = contact_id;
  journey.is_truncated = collector.is_truncated();
  journey.traces = std::move(collector).take_traces();
  if (journey.traces.empty()) return Error{Errc::NotFound, "no journey of contact \"" + journey.contact_id + '"'};

  std::stable_sort(journey.traces.begin(), journey.traces.end(),
                   [](const JourneyTrace& left, const JourneyTrace& right) {
                     return left.summary.start_unix_nanos < right.summary.start_unix_nanos;
                   });
  const std::vector<const SpanView*> spans = journey.spans_by_start();
  journey.spans = spans.size();
  journey.first_unix_nanos = spans.empty() ? 0 : spans.front()->start_unix_nanos;
  fill_from_spans(journey, spans);
  return journey;
}

}  // namespace segue::server
