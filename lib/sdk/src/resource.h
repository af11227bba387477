// What produces the spans: this process, as OpenTelemetry's resource conventions describe one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "environment.h"
#include "segue/sdk/observability.h"
#include "segue/trace/attribute.h"

namespace segue::detail {

/// An attribute that is not one text.
struct TypedAttribute {
  using Value = std::variant<bool, std::int64_t, double, std::string>;

  std::string key;
  std::vector<Value> values;  ///< One, unless it is a list.
  bool is_list = false;
};

struct Resource {
  TextPairs texts;
  std::vector<TypedAttribute> others = {};
  std::optional<std::int64_t> process_id = {};
};

/// What a configuration file says of the resource. Nothing is detected that it does not ask for.
struct FileResource {
  TextPairs texts;
  std::vector<TypedAttribute> others = {};  ///< Of other keys than `texts`.
  bool detects_host = false;
  bool detects_process = false;
  bool detects_service = false;  ///< Which of several instances this is.
};

/// A resource as attributes; it must outlive them.
class ResourceAttributes {
 public:
  explicit ResourceAttributes(const Resource& resource);
  ResourceAttributes(const ResourceAttributes&) = delete;
  ResourceAttributes& operator=(const ResourceAttributes&) = delete;

  const std::vector<Attribute>& attributes() const noexcept { return attributes_; }

 private:
  std::vector<std::vector<AttributeValue>> lists_;
  std::vector<Attribute> attributes_;
};

/// What is detected, under what `vendor` knows, under OTEL_RESOURCE_ATTRIBUTES, under the options.
Resource detect_resource(const ObservabilityOptions& options, const Environment& environment, const TextPairs& vendor);

/// What the file asks to have detected, under what `vendor` knows, under the file's attributes, under the options.
Resource describe_resource(const ObservabilityOptions& options, const FileResource& file, const TextPairs& vendor);

/// Makes the resource of a process that has just been forked from the one it describes.
void become_child(Resource& resource);

}  // namespace segue::detail
