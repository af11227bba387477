// Bot traffic: webhooks as the bots trace them, 14 spans each with 9 to 12 attributes, 8 webhooks per contact.
//
//   BotTraffic traffic;
//   Batch batch = traffic.next_batch(36);
//   store.append(batch.list);
//
// The same sequence every time. Texts come from small vocabularies, as in real bots without prompts; ids, times and
// durations are random. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>

#include "segue/model/span_view.h"

namespace segue::bench {

struct Batch {
  SpanList list;
  std::deque<std::string> texts;  ///< What the views in `list` point to.

  Batch() = default;
  Batch(Batch&&) = default;
  Batch& operator=(Batch&&) = default;
};

class BotTraffic {
 public:
  static constexpr std::size_t spans_per_webhook = 14;
  static constexpr std::size_t webhooks_per_contact = 8;

  Batch next_batch(std::size_t webhooks);
  static std::string contact(std::uint64_t webhook);

 private:
  void add_webhook(Batch& batch);
  SpanView& add_span(Batch& batch, const TraceId& trace, const SpanId& parent, std::string name, std::uint64_t start);

  std::mt19937_64 random_{42};
  std::uint64_t webhook_ = 0;
};

/// Everything in the batch's spans of webhook `index`, one after the other, as a store without indexes would keep it.
std::string opaque_bytes(const Batch& batch, std::size_t index);

}  // namespace segue::bench
