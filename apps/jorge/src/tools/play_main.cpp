// jorge-play: plays scripted conversations through a running Jorge's webhook.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "crm/http_client.h"
#include "segue/base/result.h"

namespace {

namespace json = boost::json;

struct Script {
  std::string contact_id;
  std::string title;
  json::object contact;
  std::vector<std::string> messages;
};

segue::Error invalid(const std::string& what) { return {segue::Errc::InvalidArgument, what}; }

segue::Result<Script> read_script(const json::value& value) {
  if (!value.is_object()) return invalid("a conversation must be an object");
  const json::object& object = value.get_object();
  const json::value* contact = object.if_contains("contact");
  const json::value* title = object.if_contains("title");
  const json::value* messages = object.if_contains("messages");
  if (contact == nullptr || !contact->is_object()) return invalid("a conversation needs a contact");
  if (title == nullptr || !title->is_string()) return invalid("a conversation needs a title");
  if (messages == nullptr || !messages->is_array()) return invalid("a conversation needs messages");
  Script script{
      .contact_id = {}, .title = std::string(title->get_string()), .contact = contact->get_object(), .messages = {}};
  const json::value* id = script.contact.if_contains("contactId");
  if (id == nullptr || !id->is_string()) return invalid("a contact needs a contactId");
  script.contact_id = std::string(id->get_string());
  for (const json::value& message : messages->get_array()) {
    if (!message.is_string()) return invalid("messages must be strings");
    script.messages.emplace_back(message.get_string());
  }
  return script;
}

segue::Result<std::vector<Script>> read_scripts(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) return segue::Error{segue::Errc::NotFound, "cannot read " + path};
  std::stringstream text;
  text << stream.rdbuf();
  boost::system::error_code failure;
  const json::value document = json::parse(text.str(), failure);
  if (failure) return invalid(path + " is not JSON: " + failure.message());
  const json::value* list = document.is_object() ? document.get_object().if_contains("conversations") : nullptr;
  if (list == nullptr || !list->is_array()) return invalid(path + " has no list of conversations");
  std::vector<Script> scripts;
  for (const json::value& item : list->get_array()) {
    auto script = read_script(item);
    if (!script) return script.error().with_context(path);
    scripts.push_back(std::move(*script));
  }
  return scripts;
}

std::string payload_of(const Script& script, const std::string& text) {
  const json::object message{{"type", "SMS"}, {"body", text}, {"direction", "inbound"}};
  return json::serialize(json::object{
      {"type", "InboundMessage"}, {"contactId", script.contact_id}, {"message", message}, {"contact", script.contact}});
}

/// Prints what the webhook answered; false if that was no proper answer.
bool print_answer(const segue::Result<jorge::HttpAnswer>& answer) {
  if (!answer) {
    std::fprintf(stderr, "no answer: %s\n", answer.error().message.c_str());
    return false;
  }
  boost::system::error_code failure;
  const json::value body = json::parse(answer->body, failure);
  if (answer->status != 200 || failure || !body.is_object()) {
    std::fprintf(stderr, "HTTP %ld: %s\n", answer->status, answer->body.c_str());
    return false;
  }
  const auto text = [](const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  if (const json::value* handoff = body.get_object().if_contains("handoff");
      handoff != nullptr && handoff->is_object()) {
    const json::object& route = handoff->get_object();
    std::printf("   (handoff %s to %s: %s)\n", text(route, "source_bot").c_str(), text(route, "target_bot").c_str(),
                text(route, "outcome").c_str());
  }
  const std::string bot = text(body.get_object(), "bot");
  std::printf("%s> %s\n", bot.empty() ? "-" : bot.c_str(), text(body.get_object(), "message").c_str());
  return true;
}

bool play(const Script& script, const std::string& url, jorge::HttpClient& client) {
  bool all_answered = true;
  std::printf("\n== %s (%s)\n", script.title.c_str(), script.contact_id.c_str());
  Script remaining = script;
  for (const std::string& text : script.messages) {
    std::printf("contact> %s\n", text.c_str());
    if (!print_answer(client.send({.method = "POST", .url = url, .body = payload_of(remaining, text)})))
      all_answered = false;
    remaining.contact.erase("tags");  // from now on Jorge knows better: a handoff changes them
  }
  return all_answered;
}

}  // namespace

int main(int argc, char** argv) {
  std::string url = "http://127.0.0.1:8000";
  std::string file = JORGE_DEMO_CONVERSATIONS;
  CLI::App app("Plays scripted conversations through a running Jorge's webhook and prints both sides.");
  app.add_option("--url", url, "Where Jorge listens")->capture_default_str();
  app.add_option("--file", file, "The conversations, as JSON")->capture_default_str();
  app.footer("Exits with 0 if every message was answered with HTTP 200.");
  CLI11_PARSE(app, argc, argv);

  const auto scripts = read_scripts(file);
  if (!scripts) {
    std::fprintf(stderr, "jorge-play: %s\n", scripts.error().message.c_str());
    return 2;
  }
  jorge::HttpClient client(std::chrono::seconds(30));
  bool all_answered = true;
  for (const Script& script : *scripts) {
    if (!play(script, url + "/api/v1/webhooks/ghl", client)) all_answered = false;
  }
  return all_answered ? 0 : 1;
}
