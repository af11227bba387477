// Result<T>: a value, or the Error that explains why there is none.
//
//   Result<Config> config = load_config(path);
//   if (!config) return config.error().with_context("load " + path);
//   use(*config);
//
// The subset of C++23 std::expected that Segue needs, under the same member names, because
// libstdc++ 12 has <expected> only under -std=c++23. Thread safety: that of T.
// Errors: reading the value of a Result that holds an error is a broken invariant and aborts.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace segue {

/// What the caller should do about an error.
enum class Errc : std::uint8_t {
  InvalidArgument,     ///< Fix the input; the same call fails again.
  NotFound,            ///< There is no such thing; carry on without it.
  LimitExceeded,       ///< Too large, too many, too deep; send less.
  Unauthenticated,     ///< Present valid credentials.
  Unavailable,         ///< Try again later.
  DeadlineExceeded,    ///< Took too long; try again or allow more time.
  Corruption,          ///< Stored data is damaged; restore it or accept the loss.
  IoError,             ///< The operating system refused; see the message.
  FailedPrecondition,  ///< Bring the system into another state first.
  Internal,            ///< A defect in Segue; report it.
};

/// The code's name in snake_case, e.g. "not_found". Used in logs and in API answers.
std::string_view to_string(Errc code) noexcept;

struct Error {
  Errc code = Errc::Internal;
  std::string message;

  /// The same error with "<context>: " before its message, added on the way up.
  [[nodiscard]] Error with_context(std::string_view context) const {
    return Error{code, std::string(context) + ": " + message};
  }
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  /// As std::expected: the value-initialised T.
  Result()
    requires std::default_initializable<T>
      : state_(std::in_place_index<0>) {}
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit as std::expected
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & { return *checked(); }
  const T& value() const& { return *const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(*checked()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return checked(); }
  const T* operator->() const { return &value(); }

  /// Only where `has_value()` is false.
  const Error& error() const& {
    if (has_value()) std::abort();
    return *std::get_if<1>(&state_);
  }

  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  T* checked() {
    T* value = std::get_if<0>(&state_);
    if (value == nullptr) std::abort();
    return value;
  }

  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT

  bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return has_value(); }
  const Error& error() const& {
    if (!failed_) std::abort();
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace segue
