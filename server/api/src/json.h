// What the server knows, as the JSON of /api/v1: one overload of `to_json` per thing.
//
// Times are decimal strings of Unix nanoseconds and 64-bit integers in attributes are strings, because JavaScript's
// numbers hold neither. Text that is not UTF-8 is repaired. Thread safety: pure functions. Errors: none.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "segue/model/span_view.h"
#include "segue/server/query/journey.h"
#include "segue/server/store/store.h"

namespace segue::server {

boost::json::object to_json(const TraceSummary& summary);
boost::json::object to_json(const HandoffRecord& handoff);
boost::json::object to_json(const JourneySummary& summary);
/// Without its spans; see `with_span_list`.
boost::json::object to_json(const Journey& journey);
boost::json::object to_json(const SpanView& span);
boost::json::object to_json(const BotNodes& bot);

template <class Items>
boost::json::array to_json_array(const Items& items) {
  boost::json::array array;
  array.reserve(items.size());
  for (const auto& item : items) array.push_back(to_json(item));
  return array;
}

boost::json::array to_json_array(const std::vector<std::string>& texts);

/// The text of `head`, which is not empty, with one more member: "span_list". Span by span, since the JSON values of a
/// long journey take ten times the memory of its text.
std::string with_span_list(const boost::json::object& head, const std::vector<const SpanView*>& spans);

}  // namespace segue::server
