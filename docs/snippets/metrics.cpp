// The guide on metrics: node durations come by themselves, counters are a line.
#include <iostream>

#include <segue/segue.h>

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true, .metrics = true});
  if (!tracing) std::cerr << tracing.error().message << "\n";
  segue::increment_counter("jorge.interaction.total", 1, {{"bot", "lead_bot"}});
  std::cout << (segue::default_meters() != nullptr ? "metrics are on\n" : "metrics are off\n");
}
