#include "segue/trace/tracer.h"

#include <array>
#include <tuple>

#include "ot_trace_state.h"
#include "segue/base/random.h"
#include "thread_state.h"

namespace segue {

namespace detail {

constinit std::atomic<const TracerState*> default_tracer_state = nullptr;

namespace {

// A new trace takes three words, for its id and its first span's; a further span takes one. All-zero ids are invalid.
using RootWords = std::array<std::uint64_t, 3>;
using SpanWords = std::array<std::uint64_t, 1>;

bool are_valid_ids(const RootWords& words) noexcept { return (words[0] | words[1]) != 0 && words[2] != 0; }
bool are_valid_ids(const SpanWords& words) noexcept { return words[0] != 0; }

template <class Words>
Words draw_ids() noexcept {
  Words words;
  do {
    words = random_words<std::tuple_size_v<Words>>();
  } while (!are_valid_ids(words));
  return words;
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

inline void begin_trace(SpanSlot& slot, const RootWords& words) noexcept {
  SpanContext& own = slot.node.context;
  std::memcpy(own.trace_id.bytes.data(), &words[0], 8);  // one by one: together they would take the way over memory
  std::memcpy(own.trace_id.bytes.data() + 8, &words[1], 8);
  std::memcpy(own.span_id.bytes.data(), &words[2], 8);
  own.trace_flags = SpanContext::random_trace_id_flag;
}

inline void continue_trace(SpanSlot& slot, const SpanContext& parent, const SpanWords& words) noexcept {
  SpanContext& own = slot.node.context;
  own.trace_id = parent.trace_id;
  std::memcpy(own.span_id.bytes.data(), words.data(), 8);
  own.trace_flags = parent.trace_flags;
}

[[gnu::always_inline]] inline void leave_unrecorded(SpanSlot& slot, Recorder& recorder) noexcept {
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
  slot.node.span = &slot;
  slot.begin(name, options);
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
  for (const Attributes& group : result.attributes) slot.set(group);
}

inline SpanSlot* make_current(SpanSlot* slot) noexcept {
  slot->is_scoped = true;
  push_node(slot->node);
  return slot;
}

enum class Scope : std::uint8_t { None, Thread };

// Starts any span.
[[gnu::noinline]] SpanSlot* start_slot(const TracerState& tracer, std::string_view name, const SpanOptions& options,
                                       Parent parent, Scope scope) noexcept {
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
  // What is empty nearly always is compared rather than assigned: an assignment counts references.
  if (!slot->node.baggage.is_empty() || !parent.baggage->is_empty()) [[unlikely]]
    slot->node.baggage = *parent.baggage;
  if (!slot->node.context.trace_state.is_empty() || !parent.span->trace_state.is_empty()) [[unlikely]]
    slot->node.context.trace_state = parent.span->trace_state;
  const ParentKind kind = parent_kind(*parent.span);
  if (kind == ParentKind::None) {
    begin_trace(*slot, draw_ids<RootWords>());
    slot->node.context.trace_state = TraceState();
    slot->parent_span_id = SpanId{};
    slot->parent_is_remote = false;
  } else {
    continue_trace(*slot, *parent.span, draw_ids<SpanWords>());
    slot->parent_span_id = parent.span->span_id;
    slot->parent_is_remote = parent.span->is_remote;
  }
  const auto constant = provider.constant_decisions[static_cast<std::size_t>(kind)];
  if (constant) [[likely]] {
    begin(*slot, *constant, *recorder, name, options);
  } else {
    begin_as_asked(*slot, *parent.span, *thread, name, options);
  }
  return scope == Scope::Thread ? make_current(slot) : slot;
}

// Baggage and trace state count references, so a slot and a parent without either are quickest.
inline bool is_plain(const ContextNode& slot, const Parent& parent) noexcept {
  return slot.baggage.is_empty() && slot.context.trace_state.is_empty() && parent.baggage->is_empty() &&
         parent.span->trace_state.is_empty();
}

// Starts a span that is dropped whatever it is, the plain and frequent case only. It calls nothing, so that nothing has
// to be saved on the way: that is half the cost of such a span. Null: not this case, and nothing has happened yet.
[[gnu::always_inline]] inline SpanSlot* start_dropped(const TracerState& tracer, Parent parent) noexcept {
  ThreadState* thread = thread_state_pointer;
  if (thread == nullptr || tracer.provider->closed.load(std::memory_order_relaxed)) [[unlikely]]
    return nullptr;
  Recorder* recorder = thread->known_recorder(tracer);
  SpanSlot* slot = thread->first_free_slot();
  if (recorder == nullptr || slot == nullptr || !is_plain(slot->node, parent) || !is_seeded(random_state)) [[unlikely]]
    return nullptr;

  if (parent_kind(*parent.span) == ParentKind::None) {
    const RootWords words = next_words<3>(random_state);
    if (!are_valid_ids(words)) [[unlikely]]
      return nullptr;
    begin_trace(*slot, words);
  } else {
    const SpanWords words = next_words<1>(random_state);
    if (!are_valid_ids(words)) [[unlikely]]
      return nullptr;
    continue_trace(*slot, *parent.span, words);
  }
  thread->take(slot);
  slot->is_scoped = false;
  slot->node.span = nullptr;
  leave_unrecorded(*slot, *recorder);
  return slot;
}

// Out of the way of spans that are recorded.
template <Scope scope>
[[gnu::noinline]] SpanSlot* start_dropped_slot(const TracerState& tracer, std::string_view name,
                                               const SpanOptions& options, Parent parent) noexcept {
  SpanSlot* slot = start_dropped(tracer, parent);
  if (slot == nullptr) [[unlikely]]
    return start_slot(tracer, name, options, parent, scope);
  return scope == Scope::Thread ? make_current(slot) : slot;
}

template <Scope scope>
[[gnu::always_inline]] inline SpanSlot* start(const TracerState& tracer, std::string_view name,
                                              const SpanOptions& options) noexcept {
  const Parent parent = parent_of(options);
  const auto kind = static_cast<std::size_t>(parent_kind(*parent.span));
  if (tracer.provider->constant_decisions[kind] == SamplingDecision::Drop)
    return start_dropped_slot<scope>(tracer, name, options, parent);
  return start_slot(tracer, name, options, parent, scope);
}

}  // namespace
}  // namespace detail

detail::SpanSlot* Tracer::start(std::string_view name, const SpanOptions& options) const noexcept {
  return detail::start<detail::Scope::None>(*state_, name, options);
}

detail::SpanSlot* Tracer::start_scoped(std::string_view name, const SpanOptions& options) const noexcept {
  return detail::start<detail::Scope::Thread>(*state_, name, options);
}

bool Tracer::is_open() const noexcept { return !state_->provider->closed.load(std::memory_order_relaxed); }

void set_default_tracer(Tracer tracer) noexcept {
  detail::default_tracer_state.store(tracer.state_, std::memory_order_release);
}

}  // namespace segue
