// The exporter contract: the suites that every exporter must pass, each with a receiver at its other end.
//
//   INSTANTIATE_TEST_SUITE_P(Memory, ExporterContract, testing::Values(ExporterKind{"memory", &make_memory_receiver}));
//
// A file of receivers instantiates the suites for its exporters; all are linked into one test program.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "received_span.h"
#include "segue/export/exporter.h"

namespace segue::contract {

/// Something that spans are exported to.
class Receiver {
 public:
  virtual ~Receiver() = default;

  virtual std::unique_ptr<Exporter> make_exporter() = 0;

  /// Everything that has come so far, in the order it came.
  virtual std::vector<ReceivedSpan> received() const = 0;

  /// Takes away from `span` what the format does not carry.
  virtual ReceivedSpan carried(ReceivedSpan span) const { return span; }
};

struct ExporterKind {
  std::string name;
  std::function<std::unique_ptr<Receiver>()> make_receiver;
};

/// An exporter whose receiver is away or broken.
struct FailingKind {
  std::string name;
  std::function<std::unique_ptr<Exporter>()> make_exporter;
};

/// What a receiver answers, and what that must mean to the exporter.
struct Answer {
  std::string name;
  std::function<ExportResult(const ExportBatch&)> send;  ///< Exports to a receiver that answers so.
  ExportOutcome outcome = ExportOutcome::Delivered;
  std::optional<std::chrono::milliseconds> retry_after = {};
};

struct AnsweringKind {
  std::string name;
  std::vector<Answer> answers;
};

// Names for test output.
inline void PrintTo(const ExporterKind& kind, std::ostream* out) { *out << kind.name; }
inline void PrintTo(const FailingKind& kind, std::ostream* out) { *out << kind.name; }
inline void PrintTo(const AnsweringKind& kind, std::ostream* out) { *out << kind.name; }
template <class Kind>
std::string name_of(const testing::TestParamInfo<Kind>& info) {
  return info.param.name;
}

class ExporterContract : public testing::TestWithParam<ExporterKind> {};
class FailingExporterContract : public testing::TestWithParam<FailingKind> {};
class AnsweredExporterContract : public testing::TestWithParam<AnsweringKind> {};

}  // namespace segue::contract
