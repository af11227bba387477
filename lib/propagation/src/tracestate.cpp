#include "segue/propagation/tracestate.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "text.h"

namespace segue {
namespace {

constexpr std::size_t max_key_bytes = 256;
constexpr std::size_t max_value_bytes = 256;
constexpr std::size_t long_member_bytes = 128;  // beyond this a member is the first to go

struct Member {
  std::string_view key;
  std::string_view value;
  std::size_t size() const noexcept { return key.size() + 1 + value.size(); }
};

bool is_lower_or_digit(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_key(std::string_view key) noexcept {
  return !key.empty() && key.size() <= max_key_bytes && is_lower_or_digit(key.front()) &&
         std::ranges::all_of(key, [](char c) {
           return is_lower_or_digit(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
         });
}

bool is_value(std::string_view value) noexcept {
  return !value.empty() && value.size() <= max_value_bytes && value.back() != ' ' &&
         std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

bool has_key(const std::vector<Member>& members, std::string_view key) noexcept {
  return std::ranges::find(members, key, &Member::key) != members.end();
}

/// Adds the members of one header field; null, or what is wrong.
const char* append_members(std::string_view header, std::vector<Member>& members, std::size_t& count) {
  for (std::string_view rest = header; !rest.empty();) {
    const std::string_view text = detail::take_until(rest, ',');
    if (text.empty()) continue;
    if (++count > max_trace_state_members) return nullptr;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return "a member has no '='";
    const Member member{text.substr(0, equals), text.substr(equals + 1)};
    if (!is_key(member.key)) return "a key breaks the grammar";
    if (!is_value(member.value)) return "a value breaks the grammar";
    if (!has_key(members, member.key)) members.push_back(member);
  }
  return nullptr;
}

std::size_t joined_size(const std::vector<Member>& members) noexcept {
  std::size_t size = members.empty() ? 0 : members.size() - 1;
  for (const Member& member : members) size += member.size();
  return size;
}

/// Drops whole members until the rest fits: long ones from the end first, then any from the end.
void truncate(std::vector<Member>& members) {
  std::size_t size = joined_size(members);
  const auto drop = [&](std::size_t index) {
    size -= members[index].size() + (members.size() > 1 ? 1 : 0);
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(index));
  };
  for (std::size_t i = members.size(); i-- > 0 && size > max_trace_state_bytes;) {
    if (members[i].size() > long_member_bytes) drop(i);
  }
  while (size > max_trace_state_bytes) drop(members.size() - 1);
}

TraceState join(std::vector<Member> members) {
  truncate(members);
  std::string header;
  header.reserve(joined_size(members));
  for (const Member& member : members) {
    if (!header.empty()) header += ',';
    header.append(member.key).append(1, '=').append(member.value);
  }
  return TraceState(std::move(header));
}

/// The members of a state that is valid already, but for `without`.
std::vector<Member> members_without(const TraceState& state, std::string_view without) {
  std::vector<Member> members;
  for (std::string_view rest = state.header(); !rest.empty();) {
    const std::string_view text = detail::take_until(rest, ',');
    const std::size_t equals = text.find('=');
    const Member member{text.substr(0, equals), text.substr(equals + 1)};
    if (member.key != without) members.push_back(member);
  }
  return members;
}

}  // namespace

Result<TraceState> parse_trace_state(std::span<const std::string_view> headers) {
  std::vector<Member> members;
  std::size_t count = 0;
  for (const std::string_view header : headers) {
    if (const char* problem = append_members(header, members, count)) {
      return Error{Errc::InvalidArgument, std::string("tracestate: ") + problem};
    }
  }
  if (count > max_trace_state_members) return Error{Errc::LimitExceeded, "tracestate: more than 32 members"};
  return join(std::move(members));
}

Result<TraceState> parse_trace_state(std::string_view header) {
  return parse_trace_state(std::span<const std::string_view>(&header, 1));
}

std::optional<std::string_view> trace_state_value(const TraceState& state, std::string_view key) noexcept {
  for (std::string_view rest = state.header(); !rest.empty();) {
    const std::string_view text = detail::take_until(rest, ',');
    const std::size_t equals = text.find('=');
    if (text.substr(0, equals) == key) return text.substr(equals + 1);
  }
  return std::nullopt;
}

Result<TraceState> with_trace_state_member(const TraceState& state, std::string_view key, std::string_view value) {
  if (!is_key(key)) return Error{Errc::InvalidArgument, "tracestate: the key breaks the grammar"};
  if (!is_value(value)) return Error{Errc::InvalidArgument, "tracestate: the value breaks the grammar"};
  std::vector<Member> members = members_without(state, key);
  members.insert(members.begin(), Member{key, value});
  if (members.size() > max_trace_state_members) members.resize(max_trace_state_members);
  return join(std::move(members));
}

TraceState without_trace_state_member(const TraceState& state, std::string_view key) {
  return join(members_without(state, key));
}

}  // namespace segue
