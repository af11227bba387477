// The fixed questions a bot asks, in order, until each has an answer; and how answers are recognised.
//
//   const Questionnaire questions({{"budget", "What budget do you have in mind?", find_budget}, ...});
//   questions.take_answers(message, conversation);      // whatever the message answers, asked or not
//   const auto question = questions.ask_next("Happy to help.", conversation);   // "Happy to help. What budget ...?"
//
// Thread safety: const after construction. Errors: none; what can't be recognised is not an answer,
// except that a reply to the question asked last is taken as it stands unless it is a question itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversation.h"

namespace jorge {

struct Question {
  std::string key;
  std::string text;
  /// Finds an answer to this question anywhere in a message.
  std::function<std::optional<std::string>(std::string_view message)> find_answer;
};

class Questionnaire {
 public:
  explicit Questionnaire(std::vector<Question> questions);

  /// Stores every answer the message holds in `conversation.answers`; an answered question keeps its answer.
  void take_answers(std::string_view message, Conversation& conversation) const;

  /// Asks the first question without an answer: `greeting` before the first one asked, thanks before the others.
  /// Nothing when all have an answer.
  std::optional<std::string> ask_next(std::string_view greeting, Conversation& conversation) const;

 private:
  std::vector<Question> questions_;
};

/// The longest reply a bot sends, as two SMS segments hold it.
constexpr std::size_t max_reply_bytes = 320;

/// `text` as an SMS: hyphens become spaces, at most 320 bytes, cut at a sentence if possible.
std::string as_sms(std::string text);

}  // namespace jorge
