// ContextExecutor: carries the current span along with a coroutine, across co_await and threads.
//
//   boost::asio::co_spawn(segue::with_current_context(pool.get_executor()), handle(request), boost::asio::detached);
//
//   awaitable<void> handle(Request request) {
//     auto span = segue::workflow_span("lead_bot", "analyze_intent");
//     co_await store.load(request.contact);    // whichever thread goes on, `span` is still current
//   }
//
// It wraps an executor. An asynchronous operation keeps its completion handler's executor from its start to its end; this
// one notes which context was current when the operation started, makes it current again where the coroutine goes on,
// and gives the thread its own back afterwards. A new coroutine begins with the context that was current where its executor
// was made. The branches of `a() && b()` may share their parent's executor, also on several threads; a coroutine that may
// outlive the one that spawned it needs an executor of its own. Only this header names Boost: whoever uses it has Boost anyway.
// Thread safety: as the inner executor. Errors: none of its own. Built with SEGUE_NO_TRACING it is the inner executor itself.
#pragma once

#if defined(SEGUE_NO_TRACING)

namespace segue {

template <class Inner>
using ContextExecutor = Inner;

template <class Inner>
Inner with_current_context(Inner inner) {
  return inner;
}

}  // namespace segue

#else

#include <boost/asio/execution/executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "segue/trace/current.h"

namespace segue {
namespace detail {

/// What all coroutines of one executor have in common: the context they began with.
struct ContextOrigin {
  ContextOrigin() {
    Context context = current_context();
    node.context = std::move(context.span);
    node.baggage = std::move(context.baggage);
  }
  ContextNode node;  ///< Never changed after construction, so any thread may read it.
};

/// The origin whose coroutine this thread is running, if any.
inline thread_local const ContextOrigin* running_origin = nullptr;

/// Makes `node` current for one resumption of a coroutine of `origin`.
class Resumption {
 public:
  Resumption(const ContextOrigin& origin, ContextNode* node) noexcept
      : of_thread_(current_node), outer_origin_(running_origin) {
    current_node = node;
    running_origin = &origin;
  }
  ~Resumption() {
    current_node = of_thread_;
    running_origin = outer_origin_;
  }
  Resumption(const Resumption&) = delete;
  Resumption& operator=(const Resumption&) = delete;

 private:
  ContextNode* of_thread_;
  const ContextOrigin* outer_origin_;
};

}  // namespace detail

template <class Inner>
class ContextExecutor {
 public:
  using inner_executor_type = Inner;

  // Exactly the inner executor: asked whether a copy of this can be made, a type that any executor converts to must not
  // ask in turn whether this is an executor.
  template <std::same_as<Inner> Given>
  explicit ContextExecutor(Given inner)
      : ContextExecutor(std::move(inner), std::make_shared<detail::ContextOrigin>(), nullptr) {}

  const Inner& inner() const noexcept { return inner_; }

  template <class Function>
  void execute(Function&& function) const {
    inner_.execute([origin = origin_, node = node_to_resume(),
                    call = std::decay_t<Function>(std::forward<Function>(function))]() mutable {
      const detail::Resumption resumption(*origin, node);
      std::move(call)();
    });
  }

  template <class Property>
    requires boost::asio::can_query<const Inner&, Property>::value
  decltype(auto) query(const Property& property) const {
    return boost::asio::query(inner_, property);
  }

  template <class Property>
    requires boost::asio::can_require<const Inner&, Property>::value
  auto require(const Property& property) const {
    return rewrap(boost::asio::require(inner_, property));
  }

  template <class Property>
    requires boost::asio::can_prefer<const Inner&, Property>::value
  auto prefer(const Property& property) const {
    return rewrap(boost::asio::prefer(inner_, property));
  }

  bool operator==(const ContextExecutor& other) const noexcept {
    return inner_ == other.inner_ && origin_ == other.origin_ && captured_ == other.captured_;
  }

 private:
  template <class>
  friend class ContextExecutor;
  using OriginPointer = std::shared_ptr<detail::ContextOrigin>;

  ContextExecutor(Inner inner, OriginPointer origin, detail::ContextNode* captured)
      : inner_(std::move(inner)), origin_(std::move(origin)), captured_(captured) {}

  // Inside one of its coroutines, what is current there: it is about to be suspended. Elsewhere, where it began.
  detail::ContextNode* node_to_resume() const noexcept {
    if (captured_ != nullptr) return captured_;
    return detail::running_origin == origin_.get() ? detail::current_node : &origin_->node;
  }

  // Operations ask for another form of the executor (with tracked work) when they start: the moment to note the context.
  template <class Other>
  ContextExecutor<Other> rewrap(Other other) const {
    const bool is_inside = detail::running_origin == origin_.get();
    return ContextExecutor<Other>(std::move(other), origin_, is_inside ? node_to_resume() : captured_);
  }

  Inner inner_;
  OriginPointer origin_;
  detail::ContextNode* captured_;
};

/// An executor for one coroutine that begins with the context that is current now.
template <class Inner>
ContextExecutor<Inner> with_current_context(Inner inner) {
  return ContextExecutor<Inner>(std::move(inner));
}

}  // namespace segue

#endif
