// Redaction: what workflow and handoff spans may say about a person.
//
//   segue::set_redactor({.contact_ids = segue::ContactIds::Hash, .hash_key = secrets.at("CONTACT_HASH_KEY")});
//
//   segue::set_redactor({.redact = [](std::string_view key, std::string_view value) -> std::optional<std::string> {
//     if (key == "workflow.email") return std::nullopt;      // not recorded
//     return mask_phone_numbers(value);
//   }});
//
// `contact_ids` governs workflow.contact_id and handoff.contact_id. `redact` sees what is left of them, workflow.conversation_id,
// the message of an exception (key exception.message), and every string among an application's own values: those of a workflow
// span under `workflow.<key>`, those of `add_workflow_event` under the key given there. It is asked about each string of an
// array under the array's key, about those of a map under `<key>.<entry>`; what it gives nothing for is left out. Bytes and what a
// program sets on a span itself (`span.set`) it does not see.
// A hash is the first half of HMAC-SHA-256 as 32 hex digits, so whoever has the key finds a contact's spans:
//   printf %s "$CONTACT" | openssl dgst -sha256 -hmac "$KEY"
// Thread safety: any thread; `redact` is called from all that record. Errors: InvalidArgument for a hash without a key. A
// `redact` that throws counts as "not recorded". Without a redactor the cost is one load per span.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "segue/base/result.h"

namespace segue {

enum class ContactIds : std::uint8_t {
  Keep,  ///< Recorded as they are.
  Hash,  ///< Recorded as `contact_hash` gives them: the same contact stays the same, in all processes with the same key.
  Drop,  ///< Not recorded. The server then knows a journey only by trace ids, links and conversation ids.
};

struct RedactorOptions {
  ContactIds contact_ids = ContactIds::Keep;
  /// Secret, the same in every process whose spans belong together. Needed for `Hash`, and for a contact hash in baggage.
  std::string hash_key = {};
  /// What to record in place of `value`, or nothing. Default: everything as it is.
  std::function<std::optional<std::string>(std::string_view key, std::string_view value)> redact = nullptr;
};

#if defined(SEGUE_NO_TRACING)
inline Result<void> set_redactor(const RedactorOptions&) { return {}; }
inline std::string contact_hash(std::string_view) { return {}; }
#else
/// Replaces the one before for spans started from now on; `{}` removes it. Earlier ones are kept, as other threads may use them.
Result<void> set_redactor(RedactorOptions options);

/// The keyed hash of `contact_id`; empty where no `hash_key` was given.
std::string contact_hash(std::string_view contact_id);
#endif

}  // namespace segue
