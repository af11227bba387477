// Searching traces: the rarest posting list proposes traces, their records and spans decide.
//
// A posting may be more than is asked for (a name the dictionary had no room for is posted by its hash), never less.
// Thread safety: per request. Errors: InvalidArgument for a bad limit or page token; a trace whose record or chunk is
// damaged is left out, and counted, where it would have to be looked at.
#pragma once

#include "catalogue.h"
#include "reader.h"
#include "segue/base/result.h"
#include "segue/server/store/store.h"

namespace segue::server::detail {

Result<Page<TraceSummary>> find_traces(const Reader& reader, const Catalogue& catalogue, const TraceQuery& query);

}  // namespace segue::server::detail
