// JsonReader: a strict pull parser for RFC 8259, for callers that know what to expect.
//
//   JsonReader reader(text, 100);
//   reader.enter_object();
//   for (std::string_view key; reader.next_key(key);) {
//     if (key == "name") name = reader.read_string(); else reader.skip_value();
//   }
//   reader.expect_end();
//
// Each value is consumed exactly once, by the `read_x`, `enter_x` or `skip_value` that fits it.
// Nothing is allocated but one buffer for strings with escapes. Thread safety: one thread at a time.
// Errors: a DecodeFailure is thrown, with the position in it: InvalidArgument for anything that is not
// JSON, a trailing comma, text that is not UTF-8 or a lone surrogate; LimitExceeded for more than
// `max_depth` containers inside one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue::otlp {

enum class JsonKind : std::uint8_t { Object, Array, String, Number, Bool, Null };

class JsonReader {
 public:
  JsonReader(std::string_view text, unsigned max_depth) : text_(text), max_depth_(max_depth) {}

  /// What the next value is; does not consume it.
  JsonKind peek();

  void enter_object();
  /// Moves to the next member and gives its key, which is valid until the next read; false once the object is left.
  bool next_key(std::string_view& key);

  void enter_array();
  /// Moves to the next element; false once the array is left.
  bool next_element();

  /// Unescaped; valid until the next read.
  std::string_view read_string();
  /// The number as it is written.
  std::string_view read_number();
  bool read_bool();
  void read_null();
  /// Consumes a value of any kind, checking it as strictly as if it were read.
  void skip_value();

  /// Nothing but white space may be left.
  void expect_end();

  /// Throws InvalidArgument with `what` and the present position.
  [[noreturn]] void fail(std::string_view what) const;

 private:
  char peek_character();
  void skip_white_space() noexcept;
  void expect(char character, std::string_view what);
  void expect_word(std::string_view word);
  void enter(char bracket, std::string_view what);
  bool next(char closing_bracket);
  void read_escape();
  std::uint32_t read_hex4();
  std::size_t count_digits() noexcept;

  std::string_view text_;
  std::size_t position_ = 0;
  unsigned depth_ = 0;
  unsigned max_depth_;
  bool is_first_ = false;  // just inside a bracket: no comma is due
  std::string unescaped_;
};

}  // namespace segue::otlp
