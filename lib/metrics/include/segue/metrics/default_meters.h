// The process's metrics: counting from anywhere, without carrying a provider around.
//
//   segue::increment_counter("jorge.handoff.total", 1, {{"source", "lead_bot"}});
//
// Does nothing until setup_observability has turned metrics on, and in programs built with SEGUE_NO_TRACING.
// Thread safety: any thread. Errors: none. A counter is looked up by name at each call; keep a Counter where that matters.
#pragma once

#include <cstdint>
#include <string_view>

#include "segue/trace/attribute.h"

namespace segue {

class MeterProvider;

#if defined(SEGUE_NO_TRACING)
inline void increment_counter(std::string_view, std::uint64_t = 1, Attributes = {}) noexcept {}
inline MeterProvider* default_meters() noexcept { return nullptr; }
inline void set_default_meters(MeterProvider*) noexcept {}
#else
void increment_counter(std::string_view name, std::uint64_t amount = 1, Attributes attributes = {}) noexcept;

/// Null while metrics are off.
MeterProvider* default_meters() noexcept;

/// Replaces it; the provider must live until the process ends, as other threads may be using it.
void set_default_meters(MeterProvider* meters) noexcept;
#endif

}  // namespace segue
