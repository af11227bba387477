// The web page's files, as they lie in the program: the one thing cmake/EmbedFiles.cmake generates code for.
//
// They are constants; any thread, forever. Errors: none.
#pragma once

#include <span>
#include <string_view>

namespace segue::server {

struct EmbeddedFile {
  std::string_view path;  ///< Below the page's root, without a leading slash: "assets/index-BQ7x1c.js".
  std::string_view bytes;
  std::string_view hash;  ///< SHA-256 of the bytes, in hex.
};

std::span<const EmbeddedFile> embedded_files() noexcept;

}  // namespace segue::server
