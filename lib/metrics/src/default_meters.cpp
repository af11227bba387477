#include "segue/metrics/default_meters.h"

#include <atomic>
#include <new>

#include "segue/metrics/meter_provider.h"

namespace segue {
namespace {

constinit std::atomic<MeterProvider*> meters_of_process = nullptr;

}  // namespace

MeterProvider* default_meters() noexcept { return meters_of_process.load(std::memory_order_acquire); }

void set_default_meters(MeterProvider* meters) noexcept { meters_of_process.store(meters, std::memory_order_release); }

void increment_counter(std::string_view name, std::uint64_t amount, Attributes attributes) noexcept {
  MeterProvider* meters = default_meters();
  if (meters == nullptr) return;
  try {
    meters->counter(name).add(amount, attributes);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): a count less, but the program goes on
  }
}

}  // namespace segue
