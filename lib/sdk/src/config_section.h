// Section: one map of a configuration file, read key by key; it keeps account of what nobody asked for.
//
//   Section batch(value, findings);
//   options.schedule_delay = batch.milliseconds("schedule_delay", 5s);   // the default where the key is absent or null
//
// The first value that cannot be used is the file's error, with its line and path; reading goes on with defaults, so that
// callers need not look. A key that was not asked for by the end of the section is left out, and listed in the findings.
// Thread safety: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "segue/yaml/document.h"

namespace segue::detail {

/// A place in the file.
struct ConfigValue {
  const YamlNode* node = nullptr;  ///< Null: the key is absent.
  std::string path = {};           ///< "tracer_provider.processors[0].batch"

  /// False for a key without a value, too.
  bool has_value() const noexcept { return node != nullptr && node->kind != YamlKind::Null; }
};

/// What became clear while reading.
class Findings {
 public:
  /// "line 12: <path> <problem>", unless there is an error already.
  void fail(const ConfigValue& value, std::string_view problem, Errc code = Errc::InvalidArgument);
  void leave_out(const ConfigValue& value);
  void remark(std::string text) { remarks_.push_back(std::move(text)); }

  const std::optional<Error>& error() const noexcept { return error_; }
  /// What the log should say; one line for all that was left out.
  std::vector<std::string> remarks() const;

 private:
  std::optional<Error> error_;
  std::vector<std::string> left_out_;
  std::vector<std::string> remarks_;
};

class Section {
 public:
  /// Absent and null are an empty section; what is no map is an error.
  Section(ConfigValue value, Findings& findings);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  const ConfigValue& self() const noexcept { return value_; }

  ConfigValue value(std::string_view key);
  /// Absent or null is an error.
  ConfigValue required(std::string_view key);

  /// Any value but lists and maps, as it stands: numbers make good texts, for keys and headers come from variables.
  std::optional<std::string> text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  /// A whole number.
  std::uint64_t number(std::string_view key, std::uint64_t fallback, std::uint64_t low, std::uint64_t high);
  /// 0 to 1; default 1.
  double ratio(std::string_view key);
  /// Up to an hour.
  std::chrono::milliseconds milliseconds(std::string_view key, std::chrono::milliseconds fallback);
  /// The same, where 0 means no limit: an hour.
  std::chrono::milliseconds timeout(std::string_view key, std::chrono::milliseconds fallback);
  /// The elements; empty also if the key is absent or null. The release candidates allowed empty lists.
  std::vector<ConfigValue> list(std::string_view key);

 private:
  ConfigValue value_;
  Findings& findings_;
  std::set<std::string, std::less<>> known_;
};

/// The elements of a list that must be there, with one at least.
std::vector<ConfigValue> elements(const ConfigValue& list, Findings& findings);

/// The one member of a map that says by its key what is meant; `node` is null after an error.
ConfigValue only_member(const ConfigValue& value, Findings& findings);

/// The text of a value that is no list and no map; nothing after an error, and for null.
std::optional<std::string> text_of(const ConfigValue& value, Findings& findings);

}  // namespace segue::detail
