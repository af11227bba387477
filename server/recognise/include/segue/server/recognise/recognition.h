// recognise(): what a span means for a customer's journey, in whatever vocabulary it was written.
//
//   const Recognition meaning = recognise(span);
//   if (meaning.role == Role::Handoff) draw_arrow(meaning.handoff->source, meaning.handoff->target);
//   else if (!meaning.bot.empty()) lane(meaning.bot).add(meaning.node, span);
//
// Understood are Segue's own keys and the original system's (the same ones), the OpenTelemetry GenAI conventions,
// OpenInference, OpenLLMetry, Langfuse, LangSmith and LangGraph metadata, as far as they are plain attributes.
// This module is the only place in the server that knows foreign names: whoever needs a bot, a node or a contact
// asks here and never looks at an attribute itself.
//
// Ownership: every view points into the span's own buffers, or to constants that live forever; it is valid as long
// as the span is. Copying a Recognition is cheap and keeps it valid. Nothing is allocated.
// Thread safety: a pure function; call it from any thread.
// Errors: none. What is not recognised is `Role::Internal` with empty names: an empty view means "the span does not
// say", never "the span says the empty string".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "segue/model/span_view.h"

namespace segue::server {

/// The part a span plays. A span has one; where several would fit, the first in the order handoff, workflow, agent,
/// node, llm, tool, retrieval, http, database, messaging, rpc is chosen.
enum class Role : std::uint8_t {
  Internal,
  Http,
  Node,
  Workflow,
  Agent,
  Handoff,
  Llm,
  Tool,
  Retrieval,
  Database,
  Messaging,
  Rpc,
};

/// "internal", "http", "node", ... as in /api/v1.
std::string_view to_string(Role role) noexcept;

/// Control of a contact passing from one bot to another.
struct HandoffView {
  /// Lane names: "lead", as handoffs are often written, is "lead_bot" here (see `lane_name`). Either may be empty
  /// where a foreign span tells only one side.
  std::string_view source;
  std::string_view target;
  std::string_view contact_id;       ///< Empty where the span does not name the contact.
  std::string_view reason;           ///< Free text, low cardinality; may be empty.
  std::string_view outcome;          ///< "executed", "deferred", "blocked", "failed", or empty when not told.
  std::optional<double> confidence;  ///< 0..1 as written by the sender; not clamped.
};

struct Recognition {
  Role role = Role::Internal;
  std::string_view workflow;
  /// The lane this span belongs to, as a lane name; for a handoff the source. Where a node, workflow or agent span
  /// names no bot, the service's name; empty for other roles without one.
  std::string_view bot;
  std::string_view node;  ///< Only on spans that are themselves a node's, not on their children.
  /// The thread of messages; the contact's id where a span names a contact but no conversation.
  std::string_view conversation_id;
  std::string_view contact_id;
  std::optional<HandoffView> handoff;  ///< Set exactly where `role` is Handoff.
  /// Status Error, error.type, an exception event, workflow.success=false or jorge.success=false, or a task reported
  /// as failed.
  bool is_error = false;
};

Recognition recognise(const SpanView& span) noexcept;

/// The name under which a bot's lane is kept: the short forms "lead", "buyer", "seller" and "human" become
/// "lead_bot", ...; any other name is returned as it is. Use it on names typed by people before comparing.
std::string_view lane_name(std::string_view bot) noexcept;

}  // namespace segue::server
