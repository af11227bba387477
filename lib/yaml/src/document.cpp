#include "segue/yaml/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "core_schema.h"
#include "substitution.h"

namespace segue::detail {
namespace {

// Thrown through the YAML library's parser, to stop it; caught in read_yaml.
struct Refusal {
  Error error;
};

std::uint32_t line_of(const YAML::Mark& mark) noexcept {
  return mark.line < 0 ? 1 : static_cast<std::uint32_t>(mark.line) + 1;
}

Error on_line(std::uint32_t line, const Error& error) { return error.with_context("line " + std::to_string(line)); }

[[noreturn]] void refuse(std::uint32_t line, Errc code, std::string message) {
  throw Refusal{on_line(line, Error{code, std::move(message)})};
}

// Makes the tree from what the parser meets, within the limits.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const VariableLookup& look_up, const YamlLimits& limits) noexcept : look_up_(look_up), limits_(limits) {}

  YamlNode take_tree() noexcept { return std::move(root_); }

  // NOLINTBEGIN(readability-identifier-naming): the library's names
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) refuse(line_of(mark), Errc::InvalidArgument, "a key must be text");
    count(1, 0, line_of(mark));
    add({.line = line_of(mark)}, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (expects_key()) return begin_member(value, line_of(mark));
    auto text = substitute(value, look_up_, limits_.max_bytes);
    if (!text) throw Refusal{on_line(line_of(mark), text.error())};
    count(1, text->size(), line_of(mark));
    YamlNode node = {.kind = YamlKind::Text, .line = line_of(mark), .text = *std::move(text)};
    const bool is_text = tag == "!" || tag == "tag:yaml.org,2002:str";  // "!" is what the library says of quotes
    if (!is_text) resolve_plain(node);
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) refuse(line_of(mark), Errc::InvalidArgument, "a key must be text");
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end())
      refuse(line_of(mark), Errc::InvalidArgument, "an alias must not stand inside its anchor");
    charge(known->second, line_of(mark), open_.size());
    YamlNode copy = known->second;
    copy.line = line_of(mark);
    attach(std::move(copy));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlKind::List, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlKind::Map, mark, anchor);
  }
  void OnMapEnd() override {
    refuse_repeated_keys(open_.back().node);
    close();
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  // A list or map that is not complete yet.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key = {};  ///< Of the member whose value comes next.
    std::uint32_t key_line = 0;
  };

  bool expects_key() const noexcept {
    return !open_.empty() && open_.back().node.kind == YamlKind::Map && !open_.back().key;
  }

  void begin_member(const std::string& key, std::uint32_t line) {
    count(0, key.size(), line);
    open_.back().key = key;
    open_.back().key_line = line;
  }

  void open(YamlKind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (expects_key()) refuse(line_of(mark), Errc::InvalidArgument, "a key must be text");
    if (open_.size() >= limits_.max_depth) {
      refuse(line_of(mark), Errc::LimitExceeded,
             "lists and maps are nested more than " + std::to_string(limits_.max_depth) + " levels deep");
    }
    count(1, 0, line_of(mark));
    open_.push_back({.node = {.kind = kind, .line = line_of(mark)}, .anchor = anchor});
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.node), closed.anchor);
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      charge(node, node.line, 0);
      anchors_.insert_or_assign(anchor, node);
    }
    attach(std::move(node));
  }

  void attach(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.key) {
      node.key = *std::move(parent.key);
      node.line = parent.key_line;
      parent.key.reset();
    }
    parent.node.children.push_back(std::move(node));
  }

  void count(std::size_t nodes, std::size_t bytes, std::uint32_t line) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > limits_.max_nodes) {
      refuse(line, Errc::LimitExceeded, "there are more than " + std::to_string(limits_.max_nodes) + " values");
    }
    if (bytes_ > limits_.max_bytes) {
      refuse(line, Errc::LimitExceeded, "the values take more than " + std::to_string(limits_.max_bytes) + " bytes");
    }
  }

  // Counts what a copy of `node` adds, before it is made.
  void charge(const YamlNode& node, std::uint32_t line, std::size_t depth) {
    count(1, node.key.size() + node.text.size(), line);
    if (depth > limits_.max_depth) refuse(line, Errc::LimitExceeded, "aliases are nested too deep");
    for (const YamlNode& child : node.children) charge(child, line, depth + 1);
  }

  static void refuse_repeated_keys(const YamlNode& map) {
    std::vector<std::pair<std::string_view, std::uint32_t>> keys;
    for (const YamlNode& member : map.children) keys.emplace_back(member.key, member.line);
    std::ranges::sort(keys);
    const auto repeated = std::ranges::adjacent_find(keys, {}, &std::pair<std::string_view, std::uint32_t>::first);
    if (repeated == keys.end()) return;
    refuse(std::next(repeated)->second, Errc::InvalidArgument,
           "'" + std::string(repeated->first) + "' stands here a second time");
  }

  const VariableLookup& look_up_;
  const YamlLimits& limits_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

YamlNode parse(std::string_view text, const VariableLookup& look_up, const YamlLimits& limits) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  TreeBuilder builder(look_up, limits);
  if (!parser.HandleNextDocument(builder)) return {};
  TreeBuilder second(look_up, limits);
  if (parser.HandleNextDocument(second)) {
    throw Refusal{{Errc::InvalidArgument, "there is more than one document"}};
  }
  return builder.take_tree();
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view name) const noexcept {
  if (kind != YamlKind::Map) return nullptr;
  const auto member = std::ranges::find(children, name, &YamlNode::key);
  return member == children.end() ? nullptr : &*member;
}

Result<YamlNode> read_yaml(std::string_view text, const VariableLookup& look_up, const YamlLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{Errc::LimitExceeded, "it is larger than " + std::to_string(limits.max_bytes) + " bytes"};
  }
  try {
    return parse(text, look_up, limits);
  } catch (const Refusal& refusal) {
    return refusal.error;
  } catch (const YAML::Exception& failure) {
    return on_line(line_of(failure.mark), Error{Errc::InvalidArgument, failure.msg});
  } catch (const std::exception& failure) {
    return Error{Errc::InvalidArgument, failure.what()};
  }
}

}  // namespace segue::detail
