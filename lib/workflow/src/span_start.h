// SpanStart: everything a workflow span says at its start, in one place, so that samplers see it.
#pragma once

#include <string>
#include <string_view>

#include "segue/trace/detail/attribute_list.h"
#include "segue/trace/link.h"
#include "segue/workflow/detail/node_span.h"

namespace segue::detail {

struct SpanStart {
  std::string_view bot;
  std::string_view node;
  StateFields fields = {};
  NodeRun run = {};
  /// Of a workflow's root span: the workflow's name.
  std::string_view workflow = {};
  SpanKind kind = SpanKind::Internal;
  /// Null: the current context.
  const Context* parent = nullptr;
  Links links = {};

  WorkflowSpan open() const noexcept;

 private:
  void add_names(AttributeList& list) const noexcept;
  void add_run(AttributeList& list, std::string_view execution_id) const noexcept;
  void set_previous_ids(WorkflowSpan& span) const noexcept;
};

/// Adds the contact, as far as it may be recorded. `buffer` must live as long as the list.
void add_contact(AttributeList& list, std::string_view key, std::string_view contact_id, std::string& buffer) noexcept;

/// Adds the conversation under Segue's and the settled names.
void add_conversation(AttributeList& list, std::string_view conversation_id, std::string& buffer) noexcept;

}  // namespace segue::detail
