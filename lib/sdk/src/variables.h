// The environment variables that setup_observability reads: the one list that the code, its tests and the guide share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace segue::detail {

struct Variable {
  std::string_view name;
  std::string_view alias;  ///< Read where `name` is unset; empty: none.
  std::string_view default_text;
  std::string_view meaning;
};

struct VariableGroup {
  std::string_view title;
  std::span<const Variable> variables;
};

std::span<const VariableGroup> variable_groups() noexcept;

/// What is sent by OTLP, each with variables of its own.
enum class Signal : std::uint8_t { Traces, Metrics };

/// True for the names and aliases above, and for the form of every OTEL_EXPORTER_OTLP_ one for a signal.
bool is_known_variable(std::string_view name) noexcept;

/// True for what vendors' users have set anyway.
bool is_vendor_variable(std::string_view name) noexcept;

/// "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT" for "OTEL_EXPORTER_OTLP_TIMEOUT"; empty for other families, and for what is a
/// signal's own already.
std::string signal_form(std::string_view name, Signal signal);

/// The groups as the guide shows them, in Markdown.
std::string variables_as_markdown();

}  // namespace segue::detail
