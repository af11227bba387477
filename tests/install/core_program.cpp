// A program of the core alone: it records a workflow and prints it, and could send it nowhere.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include <segue/export/batch_processor.h>
#include <segue/export/console_exporter.h>
#include <segue/trace/provider.h>
#include <segue/workflow/graph.h>

struct Lead {
  std::string contact_id;
};

int main() {
  auto provider = segue::TracerProvider::create({.resource = {{"service.name", "bots"}}});
  if (!provider) return 1;
  auto processor = segue::BatchProcessor::start(*provider, std::make_unique<segue::ConsoleExporter>());
  if (!processor) return 1;
  segue::set_default_tracer(provider->tracer("bots"));
  segue::Graph<Lead> graph("lead_bot");
  graph.add_node("analyze_intent", [](Lead lead) { return lead; });
  graph.add_edge(segue::graph_start, "analyze_intent").add_edge("analyze_intent", segue::graph_end);
  const auto workflow = graph.compile();
  const bool ran = workflow && workflow->run({"maria"});
  return (*processor)->shutdown(std::chrono::seconds(5)) && ran ? 0 : 1;
}
