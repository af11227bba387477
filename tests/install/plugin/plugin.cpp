// A plug-in that traces what it does, for a host program that may trace with another Segue, or with none.
#include <segue/segue.h>

extern "C" __attribute__((visibility("default"))) int run_plugin() {
  if (!segue::setup_observability({.service_name = "plugin"})) return 1;
  segue::Graph<int> graph("plugin");
  graph.add_node("count", [](int state) { return state + 1; });
  graph.add_edge(segue::graph_start, "count").add_edge("count", segue::graph_end);
  const auto workflow = graph.compile();
  return workflow && workflow->run(1) ? 0 : 1;
}
