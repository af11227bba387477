// The workflow API with nothing behind it, for programs built with SEGUE_NO_TRACING (see segue/trace/no_tracing.h).
#pragma once

#if defined(SEGUE_NO_TRACING)

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "segue/trace/no_tracing.h"

namespace segue {

class OutcomeSpan : public ScopedSpan {
 public:
  void fail(const std::exception&) noexcept {}
  void fail(std::string_view) noexcept {}
};

struct WorkflowOptions {
  std::string_view contact_id = {};
  std::string_view conversation_id = {};
  Attributes attributes = {};
};

class WorkflowSpan : public OutcomeSpan {};
class OperationSpan : public OutcomeSpan {};

inline WorkflowSpan workflow_span(std::string_view, std::string_view, const WorkflowOptions& = {}) noexcept {
  return {};
}
inline OperationSpan trace_operation(std::string_view, std::string_view) noexcept { return {}; }
inline std::string get_trace_id() { return {}; }

enum class HandoffOutcome : std::uint8_t { Executed, Deferred, Blocked, Failed };

class HandoffSpan : public ScopedSpan {
 public:
  void set_blocked(std::string_view) noexcept {}
  void set_deferred(std::string_view) noexcept {}
  void set_failed(std::string_view) noexcept {}
};

inline HandoffSpan create_handoff_span(std::string_view, std::string_view, std::string_view, double,
                                       std::string_view) noexcept {
  return {};
}

}  // namespace segue

#endif
