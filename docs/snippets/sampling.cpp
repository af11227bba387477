// The guide on sampling: keeps every handoff, one contact in ten, and 1 % of the rest.
#include <iostream>

#include <segue/segue.h>
#include <segue/trace/probability_sampler.h>
#include <segue/trace/rule_sampler.h>

using namespace segue;

int main() {
  auto sampler = parent_based(
      rule_based({{.when = {.name = "handoff.*"}, .then = always_on()},
                  {.when = {.bot = "seller_bot", .node = "generate_*"}, .then = rate_limited({.per_second = 5})},
                  {.when = {.contact_share = 0.1}, .then = always_on()},
                  {.when = {.attributes = {{.key = "tenant", .value = "acme*"}}}, .then = always_on()}},
                 consistent_probability(0.01)));
  std::cout << sampler->description() << "\n";
  auto tracing = setup_observability({.service_name = "bots", .enabled = true, .sampler = std::move(sampler)});
  if (!tracing) std::cerr << tracing.error().message << "\n";
  const auto handoff = create_handoff_span("lead", "buyer", "maria", 0.9, "buyer_intent_detected");
}
