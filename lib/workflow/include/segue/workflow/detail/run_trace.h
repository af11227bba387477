// What a graph's runs show in a trace: the root span, the announced topology, ids of node executions. For graph.h only.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/base/result.h"
#include "segue/workflow/detail/node_span.h"
#include "segue/workflow/detail/topology.h"
#if !defined(SEGUE_NO_TRACING)
#include "segue/trace/detail/fixed_attributes.h"
#endif

namespace segue::detail {

#if defined(SEGUE_NO_TRACING)
class Announcement {
 public:
  explicit Announcement(const Topology&) {}
};

inline std::uint64_t new_execution_id() noexcept { return 0; }

class RunTrace {
 public:
  RunTrace(bool, const Announcement&, const StateFields&, std::string_view = {}) noexcept {}
  Error failed(Error error) noexcept { return error; }
  void failed(const std::exception&) noexcept {}
  void branch_failed(std::string_view, std::string_view) noexcept {}
  std::string traceparent() const { return {}; }
};
#else
/// What a run announces on its root span: the workflow's name, its nodes, its edges as "a -> b".
class Announcement {
 public:
  explicit Announcement(const Topology& topology);
  const std::string& bot() const noexcept { return bot_; }
  const std::string& name() const noexcept { return name_; }

  const FixedAttributes& attributes() const noexcept { return attributes_; }

 private:
  std::string bot_;
  std::string name_;
  FixedAttributes attributes_;
};

/// Never 0.
std::uint64_t new_execution_id() noexcept;

/// The root span of one run, or the stand-in for it where nodes hang under the enclosing span.
class RunTrace {
 public:
  /// `resumes`: the traceparent of the run that this one goes on with, or empty.
  RunTrace(bool has_own_span, const Announcement& announcement, const StateFields& fields,
           std::string_view resumes = {}) noexcept;

  Error failed(Error error) noexcept;
  void failed(const std::exception& exception) noexcept;
  /// Another branch has failed before, which decides the run; this one is told as an event.
  void branch_failed(std::string_view node, std::string_view message) noexcept;
  /// Of the root span, or of what stands for it; empty where nothing is recorded.
  std::string traceparent() const;

 private:
  std::optional<WorkflowSpan> span_;
};
#endif

}  // namespace segue::detail
