#include <string>
#include <thread>

#include <segue/segue.h>

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  auto turn = segue::workflow_span("lead_bot", "answer");
  std::thread worker([context = segue::current_context()] {
    const segue::ContextScope scope(context);  // now spans of this thread are children of `turn`
    auto lookup = segue::trace_operation("jorge.crm", "load_contact");
  });
  worker.join();
}
