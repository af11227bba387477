// SemanticConventions: whether spans also carry names that are not settled yet.
//
//   segue::set_semantic_conventions(segue::SemanticConventions::Experimental);   // or SEGUE_SEMCONV=experimental
//
// Segue's own keys and the settled OpenTelemetry ones are always written. The experimental set adds proposals for GenAI agents
// (gen_ai.step.name, gen_ai.node.*, gen_ai.transfer.*) and OpenInference's (openinference.span.kind, graph.node.*), by which
// Phoenix and Langfuse draw graphs without being configured. A proposal may change or vanish with any release.
// Thread safety: any thread; spans started from then on follow. Errors: none. Switched off it costs one load per span.
#pragma once

#include <atomic>
#include <cstdint>

namespace segue {

enum class SemanticConventions : std::uint8_t { Stable, Experimental };

#if defined(SEGUE_NO_TRACING)
inline void set_semantic_conventions(SemanticConventions) noexcept {}
inline SemanticConventions semantic_conventions() noexcept { return SemanticConventions::Stable; }
#else
namespace detail {
inline constinit std::atomic<SemanticConventions> chosen_conventions = SemanticConventions::Stable;
}

inline void set_semantic_conventions(SemanticConventions conventions) noexcept {
  detail::chosen_conventions.store(conventions, std::memory_order_relaxed);
}

inline SemanticConventions semantic_conventions() noexcept {
  return detail::chosen_conventions.load(std::memory_order_relaxed);
}
#endif

}  // namespace segue
