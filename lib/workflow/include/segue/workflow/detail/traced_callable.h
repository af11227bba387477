// TracedCallable: a callable, each call of which runs inside a span. For node.h and operation.h only.
#pragma once

#include <concepts>
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

#include "segue/workflow/workflow_span.h"

namespace segue::detail {

/// `Opener::open(arguments...)` gives the span. Takes, gives and throws what `Callable` does.
template <class Opener, class Callable>
class TracedCallable {
 public:
  TracedCallable(Opener opener, Callable callable) : opener_(std::move(opener)), callable_(std::move(callable)) {}

  template <class... Arguments>
    requires std::invocable<const Callable&, Arguments...>
  std::invoke_result_t<const Callable&, Arguments...> operator()(Arguments&&... arguments) const {
    using Return = std::invoke_result_t<const Callable&, Arguments...>;
    if constexpr (Coroutine<Return>) {
      return run_coroutine<Return, Arguments...>(*this, std::forward<Arguments>(arguments)...);
    } else {
      auto span = opener_.open(arguments...);
      try {
        return std::invoke(callable_, std::forward<Arguments>(arguments)...);
      } catch (const std::exception& exception) {
        span.fail(exception);
        throw;
      }
    }
  }

 private:
  // The coroutine owns the wrapper and every argument given as a temporary: both may be gone before it ends.
  template <class Return, class... Arguments>
  static Return run_coroutine(TracedCallable self, Arguments... arguments) {
    auto span = self.opener_.open(arguments...);
    try {
      co_return co_await std::invoke(self.callable_, std::forward<Arguments>(arguments)...);
    } catch (const std::exception& exception) {
      span.fail(exception);
      throw;
    }
  }

  Opener opener_;
  Callable callable_;
};

}  // namespace segue::detail
