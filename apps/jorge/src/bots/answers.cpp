#include "bots/answers.h"

#include "text/pattern.h"

namespace jorge {

std::optional<std::string> find_timeline(std::string_view message) {
  static const Pattern timeline(
      R"(\b(asap|immediately|right away|(?:this|next) (?:week|month|year|spring|summer|fall|winter)|(?:\d+|a few|two|three|six) (?:days|weeks|months)|no rush)\b)");
  return timeline.first_capture(message);
}

std::optional<std::string> find_area(std::string_view message) {
  static const Pattern area(
      R"(\b(rancho cucamonga|alta loma|etiwanda|upland|ontario|fontana|claremont|chino hills|chino|eastvale|corona|riverside)\b)");
  return area.first_capture(message);
}

}  // namespace jorge
