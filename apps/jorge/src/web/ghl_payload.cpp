#include "web/ghl_payload.h"

#include <boost/json.hpp>

#include "text/text.h"

namespace jorge {
namespace {

namespace json = boost::json;
using segue::Result;

constexpr std::size_t max_text_bytes = 2000;
constexpr std::size_t max_id_bytes = 128;
constexpr std::size_t max_tags = 100;

segue::Error invalid(std::string message) { return {segue::Errc::InvalidArgument, std::move(message)}; }

/// The string member `key`; empty if it is absent or null.
Result<std::string> optional_string(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return std::string();
  if (!value->is_string()) return invalid(std::string(key) + " must be a string");
  return std::string(value->get_string());
}

Result<const json::object*> optional_object(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return static_cast<const json::object*>(nullptr);
  if (!value->is_object()) return invalid(std::string(key) + " must be an object");
  return &value->get_object();
}

Result<std::optional<std::vector<std::string>>> optional_tags(const json::object& object) {
  const json::value* value = object.if_contains("tags");
  if (value == nullptr || value->is_null()) return std::optional<std::vector<std::string>>();
  if (!value->is_array()) return invalid("tags must be a list");
  if (value->get_array().size() > max_tags) return invalid("more than 100 tags");
  std::vector<std::string> tags;
  for (const json::value& tag : value->get_array()) {
    if (!tag.is_string()) return invalid("tags must be strings");
    tags.emplace_back(trimmed(std::string_view(tag.get_string())));
  }
  return std::optional(std::move(tags));
}

/// Body and direction, from `message` in the nested form or from the payload itself in the flat form.
Result<void> read_message(const json::object& holder, InboundMessage& message) {
  auto text = optional_string(holder, "body");
  if (!text) return text.error();
  const auto direction = optional_string(holder, "direction");
  if (!direction) return direction.error();
  if (!direction->empty() && *direction != "inbound" && *direction != "outbound") {
    return invalid("direction must be inbound or outbound");
  }
  message.text = cut_utf8(*text, max_text_bytes);
  message.is_outbound = *direction == "outbound";
  return {};
}

Result<void> read_ids(const json::object& payload, InboundMessage& message) {
  auto contact_id = optional_string(payload, "contactId");
  if (!contact_id) return contact_id.error();
  auto conversation_id = optional_string(payload, "conversationId");
  if (!conversation_id) return conversation_id.error();
  if (contact_id->empty()) return invalid("contactId is missing");
  if (contact_id->size() > max_id_bytes || conversation_id->size() > max_id_bytes) {
    return invalid("an id is longer than 128 bytes");
  }
  message.contact_id = std::move(*contact_id);
  message.conversation_id = std::move(*conversation_id);
  return {};
}

Result<void> read_contact(const json::object& payload, const json::object* contact, InboundMessage& message) {
  auto tags = optional_tags(contact != nullptr && contact->contains("tags") ? *contact : payload);
  if (!tags) return tags.error();
  message.tags = std::move(*tags);
  if (contact == nullptr) return {};
  const auto first_name = optional_string(*contact, "firstName");
  if (!first_name) return first_name.error();
  message.first_name = cut_utf8(trimmed(*first_name), max_id_bytes);
  return {};
}

}  // namespace

Result<InboundMessage> parse_ghl_payload(std::string_view body) {
  boost::system::error_code failure;
  json::parse_options limits;
  limits.max_depth = 16;
  const json::value value = json::parse(body, failure, {}, limits);
  if (failure) return invalid("the body is not JSON: " + failure.message());
  if (!value.is_object()) return invalid("the body must be a JSON object");
  const json::object& payload = value.get_object();

  const auto nested = optional_object(payload, "message");
  if (!nested) return nested.error();
  const auto contact = optional_object(payload, "contact");
  if (!contact) return contact.error();
  if (*nested == nullptr && !payload.contains("body")) return invalid("there is neither a message nor a body");

  InboundMessage message;
  if (auto read = read_ids(payload, message); !read) return read.error();
  if (auto read = read_message(*nested != nullptr ? **nested : payload, message); !read) return read.error();
  if (auto read = read_contact(payload, *contact, message); !read) return read.error();
  return message;
}

}  // namespace jorge
