// Makes the exporters that a destination names.
#pragma once

#include <memory>

#include "destination.h"
#include "segue/export/exporter.h"

namespace segue::detail {

/// One exporter for all kinds of the destination. InvalidArgument and NotFound say what of its settings cannot be used,
/// FailedPrecondition that this build lacks an exporter.
Result<std::unique_ptr<Exporter>> make_exporter(const Destination& destination);

/// The OTLP one alone.
Result<std::unique_ptr<Exporter>> make_otlp_exporter(const OtlpDestination& otlp);

}  // namespace segue::detail
