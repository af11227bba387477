#include "segue/trace/detail/fixed_attributes.h"

#include <algorithm>

#include "key_set.h"
#include "segue/otlp/wire.h"
#include "segue/trace/encode_attributes.h"

namespace segue::detail {

void FixedAttributes::add_text(std::string_view key, std::string text) { add(key, {std::move(text)}, false); }

void FixedAttributes::add_list(std::string_view key, std::vector<std::string> texts) {
  add(key, std::move(texts), true);
}

void FixedAttributes::add(std::string_view key, std::vector<std::string> texts, bool is_list) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const AttributeValue value = is_list ? AttributeValue(views) : AttributeValue(views.front());
  std::size_t longest = 0;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  items_.push_back({std::string(key), KeySet::place_of(key), std::move(texts), is_list, longest,
                    encode_attributes(otlp::wire::span_field::attributes, {{key, value}})});
}

}  // namespace segue::detail
