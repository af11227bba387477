#include "segue/trace/tracer.h"

#include "ot_trace_state.h"
#include "segue/base/random.h"
#include "thread_state.h"

namespace segue {

namespace detail {

constinit std::atomic<const TracerState*> default_tracer_state = nullptr;

namespace {

// All-zero ids are invalid; the chance of drawing one is the chance of never coming here again.
void draw_root_ids(SpanContext& context) noexcept {
  do {
    const auto words = random_words<3>();
    std::memcpy(context.trace_id.bytes.data(), words.data(), 16);
    std::memcpy(context.span_id.bytes.data(), words.data() + 2, 8);
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

// Fills the slot's context from the parent's; the sampled flag is decided later.
void derive_context(SpanSlot& slot, const Parent& parent) noexcept {
  SpanContext& own = slot.node.context;
  slot.node.span = nullptr;
  if (!slot.node.baggage.is_empty() || !parent.baggage->is_empty()) [[unlikely]]
    slot.node.baggage = *parent.baggage;
  if (parent.span->is_valid()) {
    own.trace_id = parent.span->trace_id;
    draw_span_id(own);
    own.trace_flags = parent.span->trace_flags;
    slot.parent_span_id = parent.span->span_id;
    slot.parent_is_remote = parent.span->is_remote;
    if (!own.trace_state.is_empty() || !parent.span->trace_state.is_empty()) [[unlikely]] {
      own.trace_state = parent.span->trace_state;
    }
  } else {
    draw_root_ids(own);
    own.trace_flags = SpanContext::random_trace_id_flag;
    slot.parent_span_id = SpanId{};
    slot.parent_is_remote = false;
    own.trace_state = TraceState();
  }
  own.is_remote = false;
}

void begin_recording(SpanSlot& slot, std::string_view name, const SpanOptions& options) noexcept {
  const SpanLimits& limits = slot.tracer->provider->limits;
  slot.reset();
  slot.is_recording = true;
  slot.node.span = &slot;
  slot.kind = options.kind;
  slot.set_name(name);
  for (const Attribute& attribute : options.attributes) slot.set(attribute, limits);
  for (const Link& link : options.links) {
    if (link.to.is_valid()) slot.add_link(link.to, link.attributes, limits);
  }
  slot.start_unix_nanos = options.start_unix_nanos.value_or(0);
  slot.start_ticks = now_ticks();
}

void begin(SpanSlot& slot, SamplingDecision decision, Recorder& recorder, std::string_view name,
           const SpanOptions& options) noexcept {
  std::uint8_t& flags = slot.node.context.trace_flags;
  flags &= static_cast<std::uint8_t>(~SpanContext::sampled_flag);
  switch (decision) {
    case SamplingDecision::Drop:
      recorder.unsampled.add(1);
      slot.is_recording = false;
      return;
    case SamplingDecision::RecordOnly: recorder.recorded_only.add(1); break;
    case SamplingDecision::RecordAndSample:
      recorder.started.add(1);
      flags |= SpanContext::sampled_flag;
      break;
  }
  begin_recording(slot, name, options);
}

// Lets the sampler decide, and carries out what it says about trace state and attributes.
[[gnu::noinline]] void begin_as_asked(SpanSlot& slot, const SpanContext& parent, ThreadState& thread,
                                      std::string_view name, const SpanOptions& options) noexcept {
  const ProviderState& provider = *slot.tracer->provider;
  TraceState& state = slot.node.context.trace_state;
  const SamplingResult result = provider.sampler->sample(
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
    for (const Attribute& attribute : group) slot.set(attribute, provider.limits);
  }
}

SpanSlot* start_slot(const TracerState& tracer, std::string_view name, const SpanOptions& options) noexcept {
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
  const Parent parent = parent_of(options);
  derive_context(*slot, parent);
  const auto constant = provider.constant_decisions[static_cast<std::size_t>(parent_kind(*parent.span))];
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
