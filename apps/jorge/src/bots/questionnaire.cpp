#include "bots/questionnaire.h"

#include <algorithm>

#include "text/text.h"

namespace jorge {
namespace {

constexpr std::size_t max_answer_bytes = 200;

}  // namespace

Questionnaire::Questionnaire(std::vector<Question> questions) : questions_(std::move(questions)) {}

void Questionnaire::take_answers(std::string_view message, Conversation& conversation) const {
  for (const Question& question : questions_) {
    if (conversation.answers.contains(question.key)) continue;
    auto answer = question.find_answer(message);
    const bool was_asked = conversation.pending_question == question.key;
    if (!answer && was_asked && !contains(message, "?")) {
      answer = std::string(cut_utf8(trimmed(message), max_answer_bytes));
    }
    if (answer && !answer->empty()) conversation.answers.emplace(question.key, std::move(*answer));
  }
}

std::optional<std::string> Questionnaire::ask_next(std::string_view greeting, Conversation& conversation) const {
  const auto open = std::find_if(questions_.begin(), questions_.end(), [&](const Question& question) {
    return !conversation.answers.contains(question.key);
  });
  const bool is_first = conversation.pending_question.empty();
  conversation.pending_question = open == questions_.end() ? "" : open->key;
  if (open == questions_.end()) return std::nullopt;
  return std::string(is_first ? greeting : "Thanks!").append(" ").append(open->text);
}

std::string as_sms(std::string text) {
  std::replace(text.begin(), text.end(), '-', ' ');
  return cut_at_sentence(text, max_reply_bytes);
}

}  // namespace jorge
