#include "segue/trace/default_propagator.h"

#include <atomic>
#include <deque>
#include <mutex>

#include "segue/trace/current.h"

namespace segue {
namespace {

struct Propagators {
  std::mutex mutex;
  std::deque<Propagator> all{Propagator()};  // a deque: adding one moves none
  std::atomic<const Propagator*> current = &all.front();
};

// Leaked on purpose: contexts may be injected while static objects are being destroyed.
Propagators& propagators() {
  static auto* instance = new Propagators;
  return *instance;
}

}  // namespace

const Propagator& default_propagator() noexcept { return *propagators().current.load(std::memory_order_acquire); }

void set_default_propagator(Propagator propagator) {
  Propagators& known = propagators();
  const std::lock_guard lock(known.mutex);
  known.all.push_back(std::move(propagator));
  known.current.store(&known.all.back(), std::memory_order_release);
}

void inject_current_context(CarrierWriter& carrier) noexcept {
  // Not a copy of it: `current_context()` counts references.
  if (const detail::ContextNode* node = detail::current_node) {
    default_propagator().inject(node->context, node->baggage, carrier);
  }
}

}  // namespace segue
