#include <algorithm>
#include <array>

#include "segue/workflow/detail/topology.h"

namespace segue::detail {
namespace {

/// Words that Mermaid does not take for a node's id.
constexpr std::array<std::string_view, 9> reserved = {"end",   "graph", "subgraph", "flowchart", "style",
                                                      "class", "click", "default",  "direction"};

bool is_plain(const std::string& name) {
  const bool is_word = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return is_word && std::find(reserved.begin(), reserved.end(), name) == reserved.end();
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char character : text) out += character == '"' ? std::string("#quot;") : std::string(1, character);
  return out + "\"";
}

/// Draws one graph. `path` tells a graph inside another from its surroundings: the index of its node, and of that one's.
class Drawing {
 public:
  Drawing(const Topology& topology, std::string path, std::size_t depth)
      : topology_(topology), path_(std::move(path)), indent_(2 * depth, ' ') {}

  void draw(std::string& text) const {
    for (const std::string& name : topology_.nodes) {
      if (const Topology* inner = subgraph_of(name)) {
        text += indent_ + "subgraph " + id_of(name) + "[" + quoted(name) + "]\n";
        Drawing(*inner, id_of(name) + "_", indent_.size() / 2 + 1).draw(text);
        text += indent_ + "end\n";
      } else if (id_of(name) != name) {
        text += indent_ + id_of(name) + "[" + quoted(name) + "]\n";
      }
    }
    for (const Topology::Edge& edge : topology_.edges) text += indent_ + drawn(edge) + "\n";
  }

 private:
  const Topology* subgraph_of(const std::string& node) const {
    for (const Topology::Subgraph& subgraph : topology_.subgraphs) {
      if (subgraph.node == node) return subgraph.topology.get();
    }
    return nullptr;
  }

  /// The name itself where Mermaid takes it, else its number.
  std::string id_of(const std::string& name) const {
    if (path_.empty() && is_plain(name)) return name;
    const auto found = std::find(topology_.nodes.begin(), topology_.nodes.end(), name);
    return path_ + "n" + std::to_string(found - topology_.nodes.begin());
  }

  std::string end_of(const std::string& name) const {
    if (name == start_name) return path_ + "START([start])";
    if (name == end_name) return path_ + "END_([end])";
    return id_of(name);
  }

  std::string drawn(const Topology::Edge& edge) const {
    const std::string label = is_plain(edge.label) ? edge.label : quoted(edge.label);
    return end_of(edge.from) + (edge.label.empty() ? " --> " : " -- " + label + " --> ") + end_of(edge.to);
  }

  const Topology& topology_;
  std::string path_;
  std::string indent_;
};

}  // namespace

std::string to_mermaid(const Topology& topology) {
  std::string text = "flowchart TD\n";
  Drawing(topology, "", 1).draw(text);
  return text;
}

}  // namespace segue::detail
