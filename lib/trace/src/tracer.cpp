#include "segue/trace/tracer.h"

#include "ot_trace_state.h"
#include "segue/base/random.h"
#include "thread_state.h"

namespace segue {

namespace detail {

constinit std::atomic<const TracerState*> default_tracer_state = nullptr;

namespace {

// All-zero ids are invalid; the chance of drawing one is the chance of never coming here again.
inline void draw_root_ids(SpanContext& context) noexcept {
  do {
    const auto words = random_words<3>();  // copied one by one: together they would take the way over memory
    std::memcpy(context.trace_id.bytes.data(), &words[0], 8);
    std::memcpy(context.trace_id.bytes.data() + 8, &words[1], 8);
    std::memcpy(context.span_id.bytes.data(), &words[2], 8);
  } while (!context.is_valid());
}

void draw_span_id(SpanContext& context) noexcept {
  do {
    const std::uint64_t word = random_bits();
    std::memcpy(context.span_id.bytes.data(), &word, sizeof word);
  } while (!context.span_id.is_valid());
}

struct Parent {
  const SpanContext* span;
  const Baggage* baggage;
};

const constinit SpanContext no_span;
const constinit Baggage no_baggage;

Parent parent_of(const SpanOptions& options) noexcept {
  if (options.parent != nullptr) return {&options.parent->span, &options.parent->baggage};
  const ContextNode* node = current_node;
  return node != nullptr ? Parent{&node->context, &node->baggage} : Parent{&no_span, &no_baggage};
}

// The two fill the slot's context; the sampled flag is decided later. What is empty nearly always is compared rather
// than assigned: an assignment counts references.

inline void begin_trace(SpanSlot& slot) noexcept {
  SpanContext& own = slot.node.context;
  draw_root_ids(own);
  own.trace_flags = SpanContext::random_trace_id_flag;
  if (!own.trace_state.is_empty()) [[unlikely]]
    own.trace_state = TraceState();
  slot.parent_span_id = SpanId{};
  slot.parent_is_remote = false;
}

inline void continue_trace(SpanSlot& slot, const SpanContext& parent) noexcept {
  SpanContext& own = slot.node.context;
  own.trace_id = parent.trace_id;
  draw_span_id(own);
  own.trace_flags = parent.trace_flags;
  if (!own.trace_state.is_empty() || !parent.trace_state.is_empty()) [[unlikely]]
    own.trace_state = parent.trace_state;
  slot.parent_span_id = parent.span_id;
  slot.parent_is_remote = parent.is_remote;
}

[[gnu::noinline]] void begin_recording(SpanSlot& slot, std::string_view name, const SpanOptions& options) noexcept {
  slot.node.span = &slot;
  slot.kind = options.kind;
  slot.begin(name, slot.tracer->provider->limits);
  for (const Attribute& attribute : options.attributes) slot.set(attribute);
  for (const Link& link : options.links) {
    if (link.to.is_valid()) slot.add_link(link.to, link.attributes);
  }
  slot.start_unix_nanos = options.start_unix_nanos.value_or(0);
  slot.start_ticks = now_ticks();
}

void leave_unrecorded(SpanSlot& slot, Recorder& recorder) noexcept {
  recorder.unsampled.add(1);
  slot.is_recording = false;
  slot.node.context.trace_flags &= static_cast<std::uint8_t>(~SpanContext::sampled_flag);
}

inline void begin(SpanSlot& slot, SamplingDecision decision, Recorder& recorder, std::string_view name,
                  const SpanOptions& options) noexcept {
  if (decision == SamplingDecision::Drop) return leave_unrecorded(slot, recorder);
  std::uint8_t& flags = slot.node.context.trace_flags;
  if (decision == SamplingDecision::RecordAndSample) {
    recorder.started.add(1);
    flags |= SpanContext::sampled_flag;
  } else {
    recorder.recorded_only.add(1);
    flags &= static_cast<std::uint8_t>(~SpanContext::sampled_flag);
  }
  begin_recording(slot, name, options);
}

// Lets the sampler decide, and carries out what it says about trace state and attributes.
[[gnu::noinline]] void begin_as_asked(SpanSlot& slot, const SpanContext& parent, ThreadState& thread,
                                      std::string_view name, const SpanOptions& options) noexcept {
  TraceState& state = slot.node.context.trace_state;
  const SamplingResult result = slot.tracer->provider->sampler->sample(
      {parent, slot.node.context.trace_id, name, options.kind, options.attributes, options.links});
  if (result.trace_state) state = *result.trace_state;
  if (state.is_empty() && result.probability == Probability::Known &&
      result.decision == SamplingDecision::RecordAndSample) {
    state = thread.first_trace_state(result);
  } else {
    state = with_sampling(state, result);
  }
  begin(slot, result.decision, *thread.recorder(*slot.tracer), name, options);
  if (!slot.is_recording) return;
  for (const Attributes& group : result.attributes) {
    for (const Attribute& attribute : group) slot.set(attribute);
  }
}

// Inlined with all it calls for a span that is not recorded: such a span costs about as much as ten calls would.
[[gnu::always_inline]] inline SpanSlot* start_slot(const TracerState& tracer, std::string_view name,
                                                   const SpanOptions& options) noexcept {
  const ProviderState& provider = *tracer.provider;
  ThreadState* thread = this_thread_state();
  if (thread == nullptr || provider.closed.load(std::memory_order_relaxed)) [[unlikely]]
    return nullptr;
  Recorder* recorder = thread->recorder(tracer);
  SpanSlot* slot = recorder != nullptr ? thread->take_slot() : nullptr;
  if (slot == nullptr) [[unlikely]]
    return nullptr;

  slot->tracer = &tracer;
  slot->is_scoped = false;
  slot->node.span = nullptr;
  const Parent parent = parent_of(options);
  if (!slot->node.baggage.is_empty() || !parent.baggage->is_empty()) [[unlikely]]
    slot->node.baggage = *parent.baggage;
  const ParentKind kind = parent_kind(*parent.span);
  if (kind == ParentKind::None) {
    begin_trace(*slot);
  } else {
    continue_trace(*slot, *parent.span);
  }
  const auto constant = provider.constant_decisions[static_cast<std::size_t>(kind)];
  if (constant) [[likely]] {
    begin(*slot, *constant, *recorder, name, options);
  } else {
    begin_as_asked(*slot, *parent.span, *thread, name, options);
  }
  return slot;
}

}  // namespace
}  // namespace detail

detail::SpanSlot* Tracer::start(std::string_view name, const SpanOptions& options) const noexcept {
  return detail::start_slot(*state_, name, options);
}

detail::SpanSlot* Tracer::start_scoped(std::string_view name, const SpanOptions& options) const noexcept {
  detail::SpanSlot* slot = detail::start_slot(*state_, name, options);
  if (slot != nullptr) {
    slot->is_scoped = true;
    detail::push_node(slot->node);
  }
  return slot;
}

bool Tracer::is_open() const noexcept { return !state_->provider->closed.load(std::memory_order_relaxed); }

void set_default_tracer(Tracer tracer) noexcept {
  detail::default_tracer_state.store(tracer.state_, std::memory_order_release);
}

}  // namespace segue
