// What a node's span takes from the workflow's state: the one customisation point.
//
//   struct BuyerState { std::string buyer_id; std::string current_step; std::string buyer_temperature; };  // just works
//
//   // A state of another shape says it itself, in its own namespace:
//   segue::StateFields segue_state_fields(const Ticket& ticket) { return {.contact_id = ticket.customer().number}; }
//
//   // A type of somebody else's, such as a JSON object, is taught by a specialisation:
//   template <> struct segue::StateFieldsOf<Json> {
//     static StateFields get(const Json& state) {
//       return state_fields_by_key([&](std::string_view key) { return text_or_empty(state, key); });
//     }
//   };
//
// Without either the fields are found by name: contact id in lead_id, contact_id, buyer_id or seller_id (the first that is not
// empty), step in current_step, current_qualification_step or next_action, temperature in temperature, buyer_temperature or
// seller_temperature, conversation in conversation_id; as members of a struct, or as keys of a map of strings.
// Thread safety: reads the state. Errors: none; a field that is not there is not recorded.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string_view>

namespace segue {

/// Views into the state, read before the node runs. Empty fields are not recorded.
struct StateFields {
  std::string_view contact_id = {};
  std::string_view conversation_id = {};
  std::string_view current_step = {};
  std::string_view temperature = {};
};

namespace detail {

template <class T>
concept Text = std::convertible_to<const T&, std::string_view>;

template <class State>
concept TextMap = requires(const State& state) {
  { state.find(typename State::key_type("key"))->second } -> Text;
};

// clang-format off: the tool would take each line apart
template <class State>
std::string_view member_contact_id(const State& state) {
  if constexpr (requires { { state.lead_id } -> Text; }) {
    if (!std::string_view(state.lead_id).empty()) return state.lead_id;
  }
  if constexpr (requires { { state.contact_id } -> Text; }) {
    if (!std::string_view(state.contact_id).empty()) return state.contact_id;
  }
  if constexpr (requires { { state.buyer_id } -> Text; }) {
    if (!std::string_view(state.buyer_id).empty()) return state.buyer_id;
  }
  if constexpr (requires { { state.seller_id } -> Text; }) return state.seller_id;
  return {};
}

template <class State>
std::string_view member_step(const State& state) {
  if constexpr (requires { { state.current_step } -> Text; }) return state.current_step;
  else if constexpr (requires { { state.current_qualification_step } -> Text; }) return state.current_qualification_step;
  else if constexpr (requires { { state.next_action } -> Text; }) return state.next_action;
  else return {};
}

template <class State>
std::string_view member_temperature(const State& state) {
  if constexpr (requires { { state.temperature } -> Text; }) return state.temperature;
  else if constexpr (requires { { state.buyer_temperature } -> Text; }) return state.buyer_temperature;
  else if constexpr (requires { { state.seller_temperature } -> Text; }) return state.seller_temperature;
  else return {};
}

template <class State>
std::string_view member_conversation_id(const State& state) {
  if constexpr (requires { { state.conversation_id } -> Text; }) return state.conversation_id;
  else return {};
}
// clang-format on

template <class Lookup>
std::string_view first_of(const Lookup& lookup, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const std::string_view found = lookup(key); !found.empty()) return found;
  }
  return {};
}

}  // namespace detail

/// Specialise it for a type that cannot have a `segue_state_fields` of its own: `static StateFields get(const State&)`.
template <class State>
struct StateFieldsOf;

/// The fields of a state of keys and texts: `lookup(key)` gives a view of the text, or an empty one.
template <std::invocable<std::string_view> Lookup>
StateFields state_fields_by_key(const Lookup& lookup) {
  return {.contact_id = detail::first_of(lookup, {"lead_id", "contact_id", "buyer_id", "seller_id"}),
          .conversation_id = lookup("conversation_id"),
          .current_step = detail::first_of(lookup, {"current_step", "current_qualification_step", "next_action"}),
          .temperature = detail::first_of(lookup, {"temperature", "buyer_temperature", "seller_temperature"})};
}

/// The fields of `state`.
template <class State>
StateFields state_fields(const State& state) {
  // clang-format off: the tool would take each condition apart
  if constexpr (requires { { segue_state_fields(state) } -> std::same_as<StateFields>; }) {
    return segue_state_fields(state);
  } else if constexpr (requires { { StateFieldsOf<State>::get(state) } -> std::same_as<StateFields>; }) {
    return StateFieldsOf<State>::get(state);
  } else if constexpr (detail::TextMap<State>) {
    return state_fields_by_key([&state](std::string_view key) -> std::string_view {
      const auto found = state.find(typename State::key_type(key));
      return found != state.end() ? std::string_view(found->second) : std::string_view();
    });
  } else {
    return {.contact_id = detail::member_contact_id(state),
            .conversation_id = detail::member_conversation_id(state),
            .current_step = detail::member_step(state),
            .temperature = detail::member_temperature(state)};
  }
  // clang-format on
}

}  // namespace segue
