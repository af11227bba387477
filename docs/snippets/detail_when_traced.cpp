#include <map>
#include <string>

#include <segue/segue.h>

std::map<std::string, double> analyze_market(const std::string& area) {
  auto span = segue::workflow_span("seller_bot", "analyze_market");
  std::map<std::string, double> result = {{"median_price", 640'000}, {"days_on_market", 23}};
  if (segue::is_tracing_enabled()) {  // what is only worth working out if somebody looks
    span.set("analysis.complexity", area.size() > 10 ? "high" : "low").set("analysis.algorithm", "comparables");
    for (const auto& [key, value] : result) span.set("result." + key, value);
  }
  return result;
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  return analyze_market("Rancho Cucamonga").empty() ? 1 : 0;
}
