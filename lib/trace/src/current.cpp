#include "segue/trace/current.h"

#include "provider_state.h"
#include "span_slot.h"

namespace segue {

namespace detail {

constinit thread_local ContextNode* current_node = nullptr;

void pop_inner_node(ContextNode& node) noexcept {
  for (ContextNode* above = current_node; above != nullptr; above = above->previous) {
    if (above->previous == &node) {
      above->previous = node.previous;
      return;
    }
  }
}

}  // namespace detail

namespace {
const SpanContext no_context;
}

const SpanContext& current_span_context() noexcept {
  const detail::ContextNode* node = detail::current_node;
  return node != nullptr ? node->context : no_context;
}

Context current_context() noexcept {
  const detail::ContextNode* node = detail::current_node;
  return node != nullptr ? Context{node->context, node->baggage} : Context{};
}

ContextScope::ContextScope(Context context) noexcept {
  node_.context = std::move(context.span);
  node_.baggage = std::move(context.baggage);
  detail::push_node(node_);
}

ContextScope::~ContextScope() { detail::pop_node(node_); }

SpanScope::SpanScope(const Span& span) noexcept {
  if (span.slot_ != nullptr) {
    node_.context = span.slot_->node.context;
    node_.baggage = span.slot_->node.baggage;
    node_.span = span.slot_->node.span;
  } else if (detail::current_node != nullptr) {
    // A disabled span changes nothing: whoever was current stays so.
    node_.context = detail::current_node->context;
    node_.baggage = detail::current_node->baggage;
    node_.span = detail::current_node->span;
  }
  detail::push_node(node_);
}

SpanScope::~SpanScope() { detail::pop_node(node_); }

CurrentSpan::CurrentSpan() noexcept : slot_(detail::current_node != nullptr ? detail::current_node->span : nullptr) {}

void CurrentSpan::set(const Attribute& attribute) noexcept {
  if (slot_ != nullptr) slot_->set(std::span(&attribute, 1));
}

void CurrentSpan::set(const detail::FixedAttributes& fixed) noexcept {
  if (slot_ != nullptr) slot_->set(fixed);
}

void CurrentSpan::add_event(std::string_view name, Attributes attributes) noexcept {
  if (slot_ == nullptr) return;
  const std::uint64_t now = clock_conversion().to_unix_nanos(now_ticks());
  slot_->add_event(name, attributes, now);
}

}  // namespace segue
