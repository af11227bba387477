// await_all: lets a graph of Boost.Asio coroutines run its parallel branches at the same time.
//
//   segue::Graph<LeadState, boost::asio::awaitable<LeadState>> graph("lead_bot");
//   graph.add_parallel_edges("ask", {"score", "match"}, "decide", &merge).set_await_all(segue::await_all);
//
// Every coroutine begins on the executor of the one that awaits them, so on a thread pool several threads may run them, and on a
// strand they take turns. Each has a current span of its own, first the one that is current here. All are awaited, also when
// some throw. Cancelling the one that awaits cancels them all, by its own rules for which kinds of cancellation pass.
// Thread safety: as for any coroutine of Asio, cancel on the executor that runs it, which then must not be a bare thread pool.
// Errors: what one of the coroutines threw, the first of them in the order given.
#pragma once

#include <atomic>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "segue/asio/context_executor.h"

namespace segue {
namespace detail {

/// Coroutines that run at the same time, and what to call when the last one has ended. They own it together.
template <class Handler>
class AwaitedGroup : public std::enable_shared_from_this<AwaitedGroup<Handler>> {
 public:
  // Asking for tracked work makes a ContextExecutor note what is current: it comes back with the handler.
  AwaitedGroup(Handler handler, std::size_t count)
      : executor_(boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                      boost::asio::execution::outstanding_work.tracked)),
        slot_(boost::asio::get_associated_cancellation_slot(handler)),
        handler_(std::move(handler)),
        open_(count),
        members_(count) {}

  /// Starts them; once the last one is started, this group may have ended already.
  void start(const boost::asio::any_io_executor& executor, std::vector<boost::asio::awaitable<void>> coroutines) {
    if (slot_.is_connected()) {
      slot_.assign([weak = this->weak_from_this()](boost::asio::cancellation_type type) {
        if (const auto group = weak.lock()) group->cancel(type);
      });
    }
    for (std::size_t number = 0; number < coroutines.size(); ++number) {
      auto ended = [group = this->shared_from_this(), number](std::exception_ptr exception) {
        group->end(number, std::move(exception));
      };
      boost::asio::co_spawn(
          with_current_context(executor), std::move(coroutines[number]),
          boost::asio::bind_cancellation_slot(members_[number].cancellation.slot(), std::move(ended)));
    }
  }

 private:
  struct Member {
    boost::asio::cancellation_signal cancellation;
    std::exception_ptr exception;
  };

  void cancel(boost::asio::cancellation_type type) {
    for (Member& member : members_) member.cancellation.emit(type);
  }

  // NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved from
  void end(std::size_t number, std::exception_ptr exception) {
    members_[number].exception = std::move(exception);
    if (open_.fetch_sub(1) != 1) return;
    boost::asio::dispatch(executor_, [group = this->shared_from_this()] { group->complete(); });
  }

  void complete() {
    if (slot_.is_connected()) slot_.clear();
    std::exception_ptr first;
    for (const Member& member : members_) {
      if (!first) first = member.exception;
    }
    std::move(handler_)(std::move(first));
  }

  using Executor = decltype(boost::asio::prefer(std::declval<const boost::asio::associated_executor_t<Handler>&>(),
                                                boost::asio::execution::outstanding_work.tracked));
  Executor executor_;
  boost::asio::associated_cancellation_slot_t<Handler> slot_;
  Handler handler_;
  std::atomic<std::size_t> open_;
  std::deque<Member> members_;
};

// Posted, so that the first coroutine does not keep the others waiting until it suspends for the first time.
inline boost::asio::awaitable<void> begin_awaited(boost::asio::awaitable<void> coroutine, bool throws_if_cancelled) {
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation());
  co_await boost::asio::this_coro::throw_if_cancelled(throws_if_cancelled);
  const auto executor = co_await boost::asio::this_coro::executor;
  co_await boost::asio::post(executor, boost::asio::use_awaitable);
  co_await std::move(coroutine);
}

}  // namespace detail

/// Runs all of them at the same time and waits for the last one.
inline boost::asio::awaitable<void> await_all(std::vector<boost::asio::awaitable<void>> coroutines) {
  if (coroutines.empty()) co_return;
  const bool throws_if_cancelled = co_await boost::asio::this_coro::throw_if_cancelled();
  for (auto& coroutine : coroutines) coroutine = detail::begin_awaited(std::move(coroutine), throws_if_cancelled);
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto initiate = [&executor, &coroutines](auto handler) {
    const std::size_t count = coroutines.size();
    const auto group = std::make_shared<detail::AwaitedGroup<decltype(handler)>>(std::move(handler), count);
    group->start(boost::asio::any_io_executor(executor), std::exchange(coroutines, {}));
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::exception_ptr)>(
      initiate, boost::asio::use_awaitable);
}

}  // namespace segue
