#include <string>

#include <segue/segue.h>

double calculate_frs(const std::string& contact_id) {
  auto span = segue::workflow_span("seller_bot", "calculate_frs", {.contact_id = contact_id});
  const double score = 84;
  segue::add_workflow_event("frs_calculated", {{"score", score}});
  return score;
}

double calculate_pcs(const std::string& contact_id) {
  auto span = segue::workflow_span("seller_bot", "calculate_pcs", {.contact_id = contact_id});
  const double score = 62;
  segue::add_workflow_event("pcs_calculated", {{"score", score}});
  return score;
}

void qualify_seller(const std::string& contact_id, const std::string& address) {
  auto span = segue::workflow_span("seller_bot", "qualify_seller", {.contact_id = contact_id});
  span.set("seller.property_address", address);
  const double frs = calculate_frs(contact_id);  // these two are children of qualify_seller
  const double pcs = calculate_pcs(contact_id);
  span.set("seller.frs_score", frs).set("seller.pcs_score", pcs);
  span.set("seller.qualification_score", (frs + pcs) / 2).set("seller.temperature", frs > 80 ? "hot" : "warm");
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  qualify_seller("maria", "12 Harbour Street");
}
