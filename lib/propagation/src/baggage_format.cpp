#include <algorithm>
#include <array>

#include "format.h"

namespace segue::detail {
namespace {

constexpr std::string_view baggage_field = "baggage";
constexpr std::array<std::string_view, 1> field_names = {baggage_field};

void inject(const SpanContext&, const Baggage& baggage, CarrierWriter& carrier) {
  if (!baggage.is_empty()) carrier.set(baggage_field, baggage.header());
}

void extract(const CarrierReader& carrier, Context& context) {
  if (!carrier.get(baggage_field)) return;
  std::array<std::string_view, Baggage::max_members> values;
  const std::size_t count = std::min(carrier.get_all(baggage_field, values), values.size());
  context.baggage = Baggage::parse(std::span<const std::string_view>(values).first(count)).baggage;
}

}  // namespace

const PropagationFormat baggage_format = {"baggage", field_names, inject, extract};

}  // namespace segue::detail
