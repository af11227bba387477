#include "json_reader.h"

#include "field_reader.h"
#include "segue/base/hex.h"
#include "segue/base/utf8.h"

namespace segue::otlp {
namespace {

bool is_digit(char character) noexcept { return character >= '0' && character <= '9'; }

bool is_plain(char character) noexcept {
  const auto byte = static_cast<std::uint8_t>(character);
  return byte >= 0x20 && byte < 0x80 && character != '"' && character != '\\';
}

}  // namespace

void JsonReader::fail(std::string_view what) const {
  throw DecodeFailure{Errc::InvalidArgument, "JSON at byte " + std::to_string(position_) + ": " + std::string(what)};
}

void JsonReader::skip_white_space() noexcept {
  while (position_ < text_.size()) {
    const char character = text_[position_];
    if (character != ' ' && character != '\n' && character != '\r' && character != '\t') return;
    ++position_;
  }
}

char JsonReader::peek_character() {
  skip_white_space();
  if (position_ == text_.size()) fail("unexpected end");
  return text_[position_];
}

void JsonReader::expect(char character, std::string_view what) {
  if (peek_character() != character) fail(what);
  ++position_;
}

void JsonReader::expect_word(std::string_view word) {
  if (text_.substr(position_, word.size()) != word) fail("not a value");
  position_ += word.size();
}

void JsonReader::expect_end() {
  skip_white_space();
  if (position_ != text_.size()) fail("something follows the value");
}

JsonKind JsonReader::peek() {
  const char character = peek_character();
  switch (character) {
    case '{': return JsonKind::Object;
    case '[': return JsonKind::Array;
    case '"': return JsonKind::String;
    case 't':
    case 'f': return JsonKind::Bool;
    case 'n': return JsonKind::Null;
    default: break;
  }
  if (character != '-' && !is_digit(character)) fail("not a value");
  return JsonKind::Number;
}

void JsonReader::enter(char bracket, std::string_view what) {
  expect(bracket, what);
  if (++depth_ > max_depth_) throw DecodeFailure{Errc::LimitExceeded, "JSON is nested too deeply"};
  is_first_ = true;
}

void JsonReader::enter_object() { enter('{', "expected an object"); }
void JsonReader::enter_array() { enter('[', "expected an array"); }

bool JsonReader::next(char closing_bracket) {
  if (peek_character() == closing_bracket) {
    ++position_;
    --depth_;
    is_first_ = false;
    return false;
  }
  if (!is_first_) expect(',', "expected a comma or a closing bracket");
  is_first_ = false;
  return true;
}

bool JsonReader::next_key(std::string_view& key) {
  if (!next('}')) return false;
  key = read_string();
  expect(':', "expected a colon");
  return true;
}

bool JsonReader::next_element() { return next(']'); }

std::string_view JsonReader::read_string() {
  expect('"', "expected a string");
  unescaped_.clear();
  bool has_escape = false;
  std::size_t run = position_;  // where the text not yet copied begins
  while (position_ < text_.size()) {
    const char character = text_[position_];
    if (is_plain(character)) {
      ++position_;
    } else if (character == '"') {
      const std::string_view rest = text_.substr(run, position_++ - run);
      return has_escape ? std::string_view(unescaped_.append(rest)) : rest;
    } else if (character == '\\') {
      has_escape = true;
      unescaped_.append(text_.substr(run, position_++ - run));
      read_escape();
      run = position_;
    } else {
      const Utf8Sequence sequence = next_utf8_sequence(text_.substr(position_));
      if (!sequence.is_valid || sequence.size == 1) fail("a string holds a control character or is not UTF-8");
      position_ += sequence.size;
    }
  }
  fail("a string does not end");
}

void JsonReader::read_escape() {
  if (position_ == text_.size()) fail("a string does not end");
  switch (text_[position_++]) {
    case '"': unescaped_ += '"'; return;
    case '\\': unescaped_ += '\\'; return;
    case '/': unescaped_ += '/'; return;
    case 'b': unescaped_ += '\b'; return;
    case 'f': unescaped_ += '\f'; return;
    case 'n': unescaped_ += '\n'; return;
    case 'r': unescaped_ += '\r'; return;
    case 't': unescaped_ += '\t'; return;
    case 'u': break;
    default: fail("unknown escape");
  }
  std::uint32_t code_point = read_hex4();
  if (code_point >= 0xDC00 && code_point <= 0xDFFF) fail("a low surrogate stands alone");
  if (code_point >= 0xD800 && code_point <= 0xDBFF) {
    if (text_.substr(position_, 2) != "\\u") fail("a high surrogate stands alone");
    position_ += 2;
    const std::uint32_t low = read_hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail("a high surrogate stands alone");
    code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(unescaped_, code_point);
}

std::uint32_t JsonReader::read_hex4() {
  std::uint8_t bytes[2];
  if (!decode_hex(text_.substr(position_, 4), bytes)) fail("expected four hex digits");
  position_ += 4;
  return static_cast<std::uint32_t>(bytes[0]) << 8 | bytes[1];
}

std::size_t JsonReader::count_digits() noexcept {
  const std::size_t start = position_;
  while (position_ < text_.size() && is_digit(text_[position_])) ++position_;
  return position_ - start;
}

std::string_view JsonReader::read_number() {
  const auto at = [this](char character) { return position_ < text_.size() && text_[position_] == character; };
  if (peek() != JsonKind::Number) fail("expected a number");
  const std::size_t start = position_;
  if (at('-')) ++position_;
  const bool leads_with_zero = at('0');
  const std::size_t digits = count_digits();
  if (digits == 0 || (leads_with_zero && digits > 1)) fail("a number is malformed");
  if (at('.')) {
    ++position_;
    if (count_digits() == 0) fail("a number is malformed");
  }
  if (at('e') || at('E')) {
    ++position_;
    if (at('+') || at('-')) ++position_;
    if (count_digits() == 0) fail("a number is malformed");
  }
  return text_.substr(start, position_ - start);
}

bool JsonReader::read_bool() {
  if (peek() != JsonKind::Bool) fail("expected true or false");
  const bool value = text_[position_] == 't';
  expect_word(value ? "true" : "false");
  return value;
}

void JsonReader::read_null() {
  if (peek() != JsonKind::Null) fail("expected null");
  expect_word("null");
}

void JsonReader::skip_value() {
  switch (peek()) {
    case JsonKind::Object:
      enter_object();
      for (std::string_view key; next_key(key);) skip_value();
      break;
    case JsonKind::Array:
      enter_array();
      while (next_element()) skip_value();
      break;
    case JsonKind::String: read_string(); break;
    case JsonKind::Number: read_number(); break;
    case JsonKind::Bool: read_bool(); break;
    case JsonKind::Null: read_null(); break;
  }
}

}  // namespace segue::otlp
