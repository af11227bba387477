// Link: another span that a span belongs with although it is not its parent, e.g. the handoff it answers.
//
//   tracer.start_span("resume", {.links = {{handoff, {{"workflow.link.type", "handoff"}}}}});
//
// A list of links holds views: what it points to must live until the call it is given to returns, no longer.
// Thread safety: plain values. Errors: none; links to an invalid context are ignored.
#pragma once

#include <concepts>
#include <initializer_list>
#include <span>

#include "segue/model/span_context.h"
#include "segue/trace/attribute.h"

namespace segue {

struct Link {
  SpanContext to;
  Attributes attributes = {};
};

/// Links written as `{{context, attributes}, ...}` or held in any contiguous container.
class Links {
 public:
  Links() = default;
  Links(std::initializer_list<Link> list) noexcept : items_(list.begin(), list.size()) {}  // NOLINT
  template <std::convertible_to<std::span<const Link>> Range>
  Links(const Range& items) noexcept : items_(items) {}  // NOLINT

  auto begin() const noexcept { return items_.begin(); }
  auto end() const noexcept { return items_.end(); }
  std::size_t size() const noexcept { return items_.size(); }

 private:
  std::span<const Link> items_;
};

}  // namespace segue
