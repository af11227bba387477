#include "segue/workflow/detail/place.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace segue::detail {
namespace {

constexpr std::string_view version = "1 ";

Error invalid(std::string message) {
  return Error{Errc::InvalidArgument, "the checkpoint's position " + std::move(message)};
}

template <class Number>
void append_number(std::string& text, Number number, int base = 10) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base);
  text.append(digits.data(), end.ptr);
}

std::size_t number_of(const StatePointer& state, std::vector<StatePointer>& states) {
  const auto found = std::find(states.begin(), states.end(), state);
  const auto number = static_cast<std::size_t>(found - states.begin());
  if (found == states.end()) states.push_back(state);
  return number;
}

void append_place(std::string& text, const Place& place, std::vector<StatePointer>& states) {
  text += place.mark == Place::Mark::Before ? '@' : '>';
  for (const char character : place.node) {
    if (character == ':' || character == '\\') text += '\\';
    text += character;
  }
  text += ':';
  append_number(text, place.step);
  text += ':';
  append_number(text, number_of(place.state, states));
  char separator = ':';
  for (const std::uint64_t id : place.previous) {
    if (id == 0) continue;  // without tracing
    text += separator;
    append_number(text, id, 16);
    separator = '+';
  }
  if (place.inside.empty()) return;
  separator = '(';
  for (const Place& inner : place.inside) {
    text += separator;
    append_place(text, inner, states);
    separator = ',';
  }
  text += ')';
}

/// Takes a position's text apart; each step answers false if the text does not go on as it must.
class PlaceReader {
 public:
  PlaceReader(std::string_view text, const std::vector<StatePointer>& states) : rest_(text), states_(states) {}

  bool read_whole(Place& place) {
    if (!rest_.starts_with(version)) return false;
    rest_.remove_prefix(version.size());
    return read(place, 1) && rest_.empty();
  }
  std::size_t left() const { return rest_.size(); }

 private:
  bool read(Place& place, std::size_t depth) {
    if (depth > Place::max_depth) return false;
    if (take('>')) {
      place.mark = Place::Mark::Behind;
    } else if (!take('@')) {
      return false;
    }
    return read_name(place.node) && read_number(place.step) && take(':') && read_state(place.state) &&
           read_ids(place.previous) && read_inside(place.inside, depth);
  }

  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// With the colon behind it.
  bool read_name(std::string& name) {
    while (!take(':')) {
      take('\\');
      if (rest_.empty()) return false;
      name += rest_.front();
      rest_.remove_prefix(1);
    }
    return true;
  }

  template <class Number>
  bool read_number(Number& number, int base = 10) {
    const auto end = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number, base);
    if (end.ec != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end.ptr - rest_.data()));
    return true;
  }

  bool read_state(StatePointer& state) {
    std::size_t number = 0;
    if (!read_number(number) || number >= states_.size()) return false;
    state = states_[number];
    return true;
  }

  bool read_ids(std::vector<std::uint64_t>& ids) {
    if (!take(':')) return true;
    do {
      if (!read_number(ids.emplace_back(), 16)) return false;
    } while (take('+'));
    return true;
  }

  bool read_inside(std::vector<Place>& inside, std::size_t depth) {
    if (!take('(')) return true;
    do {
      if (!read(inside.emplace_back(), depth + 1)) return false;
    } while (take(','));
    return take(')');
  }

  std::string_view rest_;
  const std::vector<StatePointer>& states_;
};

Result<void> check_subgraph(const Place& place, const Topology& topology) {
  if (place.inside.empty()) return {};
  for (const Topology::Subgraph& subgraph : topology.subgraphs) {
    if (subgraph.node != place.node || place.inside.size() != 1) continue;
    const auto plan = plan_of(*subgraph.topology, 1);  // compiled before, so it is in order
    if (!plan) return plan.error();
    return check_place(place.inside.front(), *subgraph.topology, *plan);
  }
  return invalid("is inside '" + place.node + "', which is no subgraph of bot '" + topology.bot + "'");
}

Result<void> check_branches(const Place& place, const Topology& topology, const Plan& plan, std::size_t node) {
  if (place.inside.empty()) return {};
  const std::size_t fork = plan.steps[node].fork;
  if (fork == Plan::none || plan.forks[fork].branches.size() != place.inside.size())
    return invalid("has " + std::to_string(place.inside.size()) + " branches behind '" + place.node + "' of bot '" +
                   topology.bot + "', which the graph has not");
  for (std::size_t i = 0; i < place.inside.size(); ++i) {
    const Place& inner = place.inside[i];
    if (auto checked = check_place(inner, topology, plan); !checked) return checked;
    if (inner.node.empty() || !plan.is_on_branch(plan.forks[fork], i, *plan.find(inner.node)))
      return invalid("names '" + inner.node + "' in a branch of '" + place.node + "', which does not lead there");
  }
  return {};
}

}  // namespace

std::string format_place(const Place& place, std::vector<StatePointer>& states) {
  std::string text(version);
  append_place(text, place, states);
  return text;
}

Result<Place> parse_place(std::string_view text, const std::vector<StatePointer>& states) {
  PlaceReader reader(text, states);
  Place place;
  if (!reader.read_whole(place)) {
    return invalid("cannot be read from character " + std::to_string(text.size() - reader.left()) + " on, with " +
                   std::to_string(states.size() - 1) + " inner states: '" + std::string(text) + "'");
  }
  return place;
}

Result<void> check_place(const Place& place, const Topology& topology, const Plan& plan) {
  const bool is_before = place.mark == Place::Mark::Before;
  if (is_before && place.node.empty() && place.inside.empty()) return {};
  const auto node = plan.find(place.node);
  if (!node) return invalid("names a node '" + place.node + "', which bot '" + topology.bot + "' has not");
  return is_before ? check_subgraph(place, topology) : check_branches(place, topology, plan, *node);
}

}  // namespace segue::detail
