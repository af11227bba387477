#include "segue/propagation/propagator.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "format.h"
#include "segue/base/log.h"
#include "text.h"

namespace segue {
namespace {

using detail::PropagationFormat;

constexpr std::array<const PropagationFormat*, 4> known_formats = {
    &detail::trace_context_format, &detail::baggage_format, &detail::b3_format, &detail::b3_multi_format};
constexpr std::string_view no_format = "none";

const PropagationFormat* find_format(std::string_view name) noexcept {
  const auto found = std::ranges::find(known_formats, name, &PropagationFormat::name);
  return found != known_formats.end() ? *found : nullptr;
}

Error unusable_name(std::string_view name) {
  if (name == no_format) return Error{Errc::InvalidArgument, "propagators: \"none\" goes with no other name"};
  std::string message = "propagators: \"" + std::string(name) + "\" is not known; known are ";
  for (const PropagationFormat* format : known_formats) message.append(format->name).append(", ");
  return Error{Errc::InvalidArgument, message.append(no_format)};
}

}  // namespace

Propagator::Propagator() : Propagator({&detail::trace_context_format, &detail::baggage_format}) {}

Propagator::Propagator(std::vector<const PropagationFormat*> formats) noexcept : formats_(std::move(formats)) {}

Result<Propagator> Propagator::from_names(std::string_view names) {
  std::vector<const PropagationFormat*> formats;
  if (detail::trim(names) == no_format) return Propagator(std::move(formats));
  for (std::string_view rest = names; !rest.empty();) {
    const std::string_view name = detail::take_until(rest, ',');
    if (name.empty()) continue;
    const PropagationFormat* format = find_format(name);
    if (format == nullptr) return unusable_name(name);
    if (std::ranges::find(formats, format) == formats.end()) formats.push_back(format);
  }
  if (formats.empty()) return Propagator();
  return Propagator(std::move(formats));
}

void Propagator::inject(const SpanContext& span, const Baggage& baggage, CarrierWriter& carrier) const noexcept {
  try {
    for (const PropagationFormat* format : formats_) format->inject(span, baggage, carrier);
  } catch (...) {
    log(LogLevel::Warning, "context not injected: the carrier threw");
  }
}

Context Propagator::extract(const CarrierReader& carrier) const noexcept {
  Context context;
  try {
    for (const PropagationFormat* format : formats_) format->extract(carrier, context);
  } catch (...) {
    log(LogLevel::Warning, "context not extracted: the carrier threw");
  }
  return context;
}

std::vector<std::string_view> Propagator::fields() const {
  std::vector<std::string_view> all;
  for (const PropagationFormat* format : formats_) all.insert(all.end(), format->fields.begin(), format->fields.end());
  return all;
}

}  // namespace segue
