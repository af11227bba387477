#include "field_reader.h"

namespace segue::otlp {

void skip_unknown(FieldReader& reader, std::uint32_t last_known) {
  if (reader.tag() <= last_known) {
    throw DecodeFailure{Errc::InvalidArgument, "field " + std::to_string(reader.tag()) + " has the wrong wire type " +
                                                   std::to_string(static_cast<unsigned>(reader.wire_type()))};
  }
  reader.skip();
}

}  // namespace segue::otlp
