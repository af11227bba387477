// The web page, served from files embedded in the program.
//
// Paths that name a file get it; paths of the page's own routes ("/journeys/anna") get index.html and are resolved in
// the browser. Files with a hash in their name may be cached forever, the others are revalidated by ETag.
// Thread safety: pure function. Errors: 404 for what is neither.
#pragma once

#include <span>

#include "embedded_files.h"
#include "segue/server/http/message.h"

namespace segue::server {

/// Answers a GET outside of /api/.
Response serve_page(const Request& request, std::span<const EmbeddedFile> files);

}  // namespace segue::server
