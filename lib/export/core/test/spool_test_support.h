// A folder that goes away with the test, and batches that can be told apart.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "segue/export/spool.h"

namespace segue::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "segue_spool_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

  /// All segments in it, in sub-folders too, those of a sub-folder oldest first.
  std::vector<std::filesystem::path> segments() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
      if (entry.path().extension() == ".spool") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline std::unique_ptr<Spool> open_spool(const SpoolOptions& options) {
  auto spool = Spool::open(options);
  EXPECT_TRUE(spool) << (spool ? "" : spool.error().message);
  return spool ? *std::move(spool) : nullptr;
}

/// Appends a batch whose only region says `text` and has `spans` spans. What a span is does not matter to a spool.
inline Result<void> append_text(Spool& spool, std::string_view text, std::uint32_t spans) {
  const ExportRegion region{.scope = "scope", .schema_url = "url", .spans = text, .span_count = spans};
  return spool.append({.resource = "resource", .regions = {&region, 1}});
}

/// Takes everything out, oldest first.
inline std::vector<std::string> take_texts(Spool& spool) {
  std::vector<std::string> texts;
  while (const SpooledBatch* batch = spool.front()) {
    texts.emplace_back(batch->batch.regions.empty() ? "" : batch->batch.regions[0].spans);
    spool.pop();
  }
  return texts;
}

inline std::uint64_t lost_spans(Spool& spool, DropReason reason) {
  std::uint64_t spans = 0;
  for (const SpoolLoss& loss : spool.take_losses()) {
    EXPECT_EQ(loss.reason, reason);
    spans += loss.spans;
  }
  return spans;
}

}  // namespace segue::test
