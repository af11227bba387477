#include "segue/propagation/baggage.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "segue/base/hex.h"
#include "segue/base/utf8.h"
#include "text.h"

namespace segue {
namespace {

bool is_token_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept { return !text.empty() && std::ranges::all_of(text, is_token_character); }

/// W3C Baggage: printable ASCII but for space, quote, comma, semicolon and backslash.
bool is_baggage_octet(char c) noexcept { return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\'; }

bool is_encoded_value(std::string_view text) noexcept { return std::ranges::all_of(text, is_baggage_octet); }

std::string decode_value(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::array<std::uint8_t, 1> byte;
    if (text[i] == '%' && decode_hex(text.substr(i + 1, 2), byte)) {
      bytes += static_cast<char>(byte[0]);
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  return to_valid_utf8(std::move(bytes));
}

void append_encoded(std::string_view value, std::string& out) {
  for (const char c : value) {
    if (is_baggage_octet(c) && c != '%') {
      out += c;
      continue;
    }
    const std::array<std::uint8_t, 1> byte = {static_cast<std::uint8_t>(c)};
    std::array<char, 2> digits;
    encode_hex(byte, digits.data());
    out.append(1, '%').append(digits.data(), digits.size());
  }
}

/// The properties without white space around their parts; empty optional when one breaks the grammar.
std::optional<std::string> normalise_properties(std::string_view text) {
  std::string properties;
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view property = detail::take_until(rest, ';');
    const bool has_value = property.find('=') != std::string_view::npos;
    const std::string_view key = detail::take_until(property, '=');
    const std::string_view value = detail::trim(property);
    if (!is_token(key) || !is_encoded_value(value)) return std::nullopt;
    if (!properties.empty()) properties += ';';
    properties.append(key);
    if (has_value) properties.append(1, '=').append(value);
  }
  return properties;
}

/// key [OWS] = [OWS] value *( ; property )
std::optional<BaggageMember> parse_member(std::string_view text) {
  const std::string_view pair = detail::take_until(text, ';');
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view key = detail::trim(pair.substr(0, equals));
  const std::string_view value = detail::trim(pair.substr(equals + 1));
  std::optional<std::string> properties = normalise_properties(text);
  if (!is_token(key) || !is_encoded_value(value) || !properties) return std::nullopt;
  return BaggageMember{std::string(key), decode_value(value), *std::move(properties)};
}

void append_member(const BaggageMember& member, std::string& header) {
  if (!header.empty()) header += ',';
  header.append(member.key).append(1, '=');
  append_encoded(member.value, header);
  if (!member.properties.empty()) header.append(1, ';').append(member.properties);
}

}  // namespace

// Members and the header they make, kept within the limits while it grows.
struct Baggage::Content {
  std::vector<BaggageMember> members;
  std::string header;

  /// False, with nothing changed, when `member` does not fit any more.
  bool add(BaggageMember member) {
    if (members.size() == max_members) return false;
    const std::size_t size_before = header.size();
    append_member(member, header);
    if (header.size() > max_header_bytes) {
      header.resize(size_before);
      return false;
    }
    members.push_back(std::move(member));
    return true;
  }
};

Baggage::Baggage(Content content)
    : content_(content.members.empty() ? nullptr : std::make_shared<const Content>(std::move(content))) {}

ParsedBaggage Baggage::parse(std::span<const std::string_view> headers) {
  Content content;
  std::size_t dropped = 0;
  for (const std::string_view header : headers) {
    for (std::string_view rest = header; !rest.empty();) {
      const std::string_view text = detail::take_until(rest, ',');
      if (text.empty()) continue;
      std::optional<BaggageMember> member = parse_member(text);
      if (!member || !content.add(*std::move(member))) ++dropped;
    }
  }
  return {Baggage(std::move(content)), dropped};
}

ParsedBaggage Baggage::parse(std::string_view header) { return parse(std::span<const std::string_view>(&header, 1)); }

std::optional<std::string_view> Baggage::get(std::string_view key) const noexcept {
  const std::span<const BaggageMember> all = members();
  const auto found = std::find_if(all.rbegin(), all.rend(), [key](const auto& member) { return member.key == key; });
  if (found == all.rend()) return std::nullopt;
  return std::string_view(found->value);
}

std::span<const BaggageMember> Baggage::members() const noexcept {
  return content_ ? std::span<const BaggageMember>(content_->members) : std::span<const BaggageMember>();
}

Baggage::Content Baggage::content_without(std::string_view key) const {
  Content content;
  for (const BaggageMember& member : members()) {
    if (member.key != key) content.add(member);
  }
  return content;
}

Result<Baggage> Baggage::with(std::string_view key, std::string_view value, std::string_view properties) const {
  if (!is_token(key)) return Error{Errc::InvalidArgument, "baggage: the key is not an HTTP token"};
  std::optional<std::string> checked = normalise_properties(properties);
  if (!checked) return Error{Errc::InvalidArgument, "baggage: the properties break the grammar"};
  Content content = content_without(key);
  BaggageMember member{std::string(key), to_valid_utf8(std::string(value)), *std::move(checked)};
  if (!content.add(std::move(member))) return Error{Errc::LimitExceeded, "baggage: more than 64 members or 8192 bytes"};
  return Baggage(std::move(content));
}

Baggage Baggage::without(std::string_view key) const { return Baggage(content_without(key)); }

std::string_view Baggage::header() const noexcept {
  return content_ ? std::string_view(content_->header) : std::string_view();
}

}  // namespace segue
