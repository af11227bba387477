// Journeys: everything that happened to one contact, put together from the records of its traces.
//
// Nothing of a journey is kept but which traces name the contact and when the last of them ended; the rest is computed
// when asked for, from records that are exact whatever order spans arrived in.
// Thread safety: per request. Errors: NotFound for a contact no span names; InvalidArgument for a bad limit or token.
#pragma once

#include <string_view>
#include <vector>

#include "reader.h"
#include "segue/base/result.h"
#include "segue/server/store/store.h"

namespace segue::server::detail {

/// Numbers of the contact's traces, oldest start first; empty for an unknown contact.
Result<std::vector<TraceNumber>> traces_of(const Reader& reader, std::string_view contact_id);

Result<JourneySummary> read_journey(const Reader& reader, std::string_view contact_id);

Result<Page<JourneySummary>> find_journeys(const Reader& reader, const JourneyQuery& query);

}  // namespace segue::server::detail
