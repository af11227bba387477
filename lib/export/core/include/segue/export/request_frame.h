// RequestFrame: an ExportTraceServiceRequest around spans that are already encoded, without copying them.
//
//   frame.assign(batch);
//   send(frame.pieces(), frame.size());  // what is sent is the pieces one after the other
//
// The pieces point into the batch and into the frame itself: both must live and stay as they are while they are used.
// Thread safety: a plain value. Errors: none.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "segue/export/exporter.h"

namespace segue {

class RequestFrame {
 public:
  RequestFrame() = default;
  explicit RequestFrame(const ExportBatch& batch) { assign(batch); }
  RequestFrame(const RequestFrame&) = delete;
  RequestFrame& operator=(const RequestFrame&) = delete;

  /// Frames `batch` in place of the one before; keeps its memory.
  void assign(const ExportBatch& batch);

  std::span<const std::string_view> pieces() const noexcept { return pieces_; }
  std::size_t size() const noexcept { return size_; }

  /// The request in one piece.
  std::string joined() const;

 private:
  void add_prefix(char tag, std::size_t content);
  void add_piece(std::string_view piece);
  void add_region(const ExportRegion& region);

  std::string prefixes_;  // tags and lengths; never grows beyond what was reserved, as pieces point into it
  std::vector<std::string_view> pieces_;
  std::size_t size_ = 0;
};

}  // namespace segue
