// The chunk codec: spans of one trace to bytes and back, with every field preserved bit for bit.
//
//   ChunkEncoder encoder(dictionary);                  // one per commit
//   std::string chunk = encoder.encode(trace_id, spans);
//   Result<void> read = decode_chunk(bytes, dictionary, list);
//
// Times are written as differences, names and keys as dictionary numbers, equal texts within a chunk once. Nested
// values stay in their OTLP form.
// Thread safety: the encoder belongs to the writing thread; decoding is for any.
// Errors: decoding damaged bytes, bytes of a newer version, or numbers the dictionary lacks is Corruption, and leaves
// the list as it was.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "dictionary.h"
#include "segue/base/result.h"
#include "segue/model/span_view.h"

namespace segue::server::detail {

class ChunkEncoder {
 public:
  explicit ChunkEncoder(Dictionary& dictionary) noexcept : dictionary_(dictionary) {}

  /// All spans carry `trace_id`; there is at least one. A missing resource or scope is an empty one.
  std::string encode(const TraceId& trace_id, std::span<const SpanView* const> spans);

 private:
  /// A resource or scope in encoded form, and its number if the dictionary had room.
  struct Shared {
    std::uint32_t number = 0;
    std::string encoded;
  };

  const Shared& shared(const ResourceView* resource);
  const Shared& shared(const ScopeView* scope);

  Dictionary& dictionary_;
  std::unordered_map<const void*, Shared> shared_;  // by address: views live as long as the commit
};

/// Appends the chunk's spans to `list`, which shares ownership of `bytes` and of the dictionary from then on.
Result<void> decode_chunk(std::shared_ptr<const std::string> bytes, std::shared_ptr<const Dictionary> dictionary,
                          SpanList& list);

}  // namespace segue::server::detail
