// RetryPolicy: how often a graph tries a node, and how long it waits in between.
//
//   graph.add_node("ask_model", ask_model, {.retry = {.max_attempts = 4,
//                                                     .backoff = segue::exponential_backoff(200ms, 5s),
//                                                     .retry_if = [](const std::exception& e) { return is_temporary(e); }}});
//
// Every attempt is a span of its own, with workflow.attempt from 1; each gets a copy of the state. After the last one the
// exception passes on. Thread safety: the functions are called from every thread that runs the graph. Errors: none of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>

namespace segue {

/// How long to wait after `failed_attempts`, which counts from 1.
using Backoff = std::function<std::chrono::nanoseconds(std::uint32_t failed_attempts)>;

/// `first`, twice that, four times, ... but no more than `most`; each shortened at random by up to a half, so that what failed
/// together is not tried again together.
Backoff exponential_backoff(std::chrono::nanoseconds first, std::chrono::nanoseconds most);

struct RetryPolicy {
  /// From 1, which means no retry.
  std::uint32_t max_attempts = 1;
  /// Default: at once.
  Backoff backoff = nullptr;
  /// Whether this exception may pass. Default: every std::exception; what is none of these is never tried again.
  std::function<bool(const std::exception&)> retry_if = nullptr;

  std::chrono::nanoseconds delay_after(std::uint32_t failed_attempts) const {
    return backoff ? backoff(failed_attempts) : std::chrono::nanoseconds(0);
  }
  bool allows(const std::exception& exception) const { return !retry_if || retry_if(exception); }
};

struct NodeOptions {
  RetryPolicy retry = {};
};

}  // namespace segue
