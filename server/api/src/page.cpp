#include "page.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "answers.h"

namespace segue::server {
namespace {

/// Vite puts what it gave a hash into this folder.
constexpr std::string_view hashed_folder = "assets/";

struct MediaType {
  std::string_view extension, name;
};

constexpr std::array media_types = {
    MediaType{".html", "text/html; charset=utf-8"},
    MediaType{".js", "text/javascript; charset=utf-8"},
    MediaType{".css", "text/css; charset=utf-8"},
    MediaType{".svg", "image/svg+xml"},
    MediaType{".png", "image/png"},
    MediaType{".ico", "image/x-icon"},
    MediaType{".webp", "image/webp"},
    MediaType{".woff2", "font/woff2"},
    MediaType{".json", "application/json"},
    MediaType{".map", "application/json"},
    MediaType{".webmanifest", "application/manifest+json"},
    MediaType{".txt", "text/plain; charset=utf-8"},
};

std::string_view media_type_of(std::string_view path) {
  const auto fits = [&](const MediaType& type) { return path.ends_with(type.extension); };
  const auto type = std::find_if(media_types.begin(), media_types.end(), fits);
  return type != media_types.end() ? type->name : "application/octet-stream";
}

const EmbeddedFile* find_file(std::span<const EmbeddedFile> files, std::string_view path) {
  const auto file = std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& f) { return f.path == path; });
  return file != files.end() ? &*file : nullptr;
}

std::string_view without_slash(const Request& request) { return std::string_view(request.path).substr(1); }

/// The last segment has a dot: it means a file, and a contact's id such as "anna.b" is below /journeys/.
bool looks_like_a_file(const Request& request) {
  if (request.segments.empty() || request.segments.front() == "journeys" || request.segments.front() == "traces") {
    return false;
  }
  return without_slash(request).starts_with(hashed_folder) || request.segments.back().find('.') != std::string::npos;
}

/// RFC 9110 §13.1.2: a list of tags, possibly weak, or "*".
bool has_current_copy(const Request& request, std::string_view tag) {
  const std::optional<std::string_view> held = request.headers.find("if-none-match");
  return held && (*held == "*" || held->find(tag) != std::string_view::npos);
}

}  // namespace

Response serve_page(const Request& request, std::span<const EmbeddedFile> files) {
  const EmbeddedFile* file = find_file(files, without_slash(request));
  if (file == nullptr && !looks_like_a_file(request)) file = find_file(files, "index.html");
  if (file == nullptr) return error_answer(404, "there is no file " + request.path);

  const std::string tag = '"' + std::string(file->hash.substr(0, 32)) + '"';
  const bool is_hashed = file->path.starts_with(hashed_folder);
  Response response;
  response.content_type = media_type_of(file->path);
  response.headers = {
      {"ETag", tag},
      {"Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
  };
  if (has_current_copy(request, tag)) {
    response.status = 304;
    response.content_type.clear();
  } else {
    response.body = file->bytes;
  }
  return response;
}

}  // namespace segue::server
