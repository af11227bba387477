// The cases of the W3C trace-context test suite (level 2, strict): what a service sends on for the headers it received.
//
// The suite drives a service over HTTP and looks at the requests that the service makes. What it checks of a service is
// checked here of `extract` and `inject` with header lists; a service's own span id stands in between.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "segue/propagation/propagator.h"

namespace segue {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const std::string parent = "00-12345678901234567890123456789012-1234567890123456-00";

struct Sent {
  bool continues_the_trace = false;
  std::string flags;
  std::string trace_state;
};

/// What a service with a span of its own sends on.
Sent sent_after(const Headers& received) {
  Context context = Propagator().extract(HeaderReader(received));
  Sent sent;
  sent.continues_the_trace = context.span.trace_id.to_hex() == "12345678901234567890123456789012";
  context.span.span_id.bytes[0] ^= 0xff;
  Headers headers;
  Propagator().inject(context, HeaderWriter(headers));
  for (const auto& [name, value] : headers) {
    if (name == "traceparent") {
      sent.flags = value.substr(53);
      EXPECT_TRUE(value.starts_with("00-")) << value;
      EXPECT_EQ(value.find("-1234567890123456-"), std::string::npos) << value;
    }
    if (name == "tracestate") sent.trace_state = value;
  }
  return sent;
}

TEST(W3cConformance, ATraceIsContinuedOnlyForAValidTraceparent) {
  struct Row {
    Headers received;
    bool continues;
  };
  const std::string ids = "-12345678901234567890123456789012-1234567890123456-01";
  const std::string text = "00" + ids;
  const Row rows[] = {
      {{}, false},
      {{{"traceparent", text}}, true},
      {{{"traceparent", text}, {"traceparent", text}}, false},
      {{{"trace-parent", text}}, false},
      {{{"trace.parent", text}}, false},
      {{{"TraceParent", text}}, true},
      {{{"TrAcEpArEnT", text}}, true},
      {{{"TRACEPARENT", text}}, true},
      {{{"traceparent", text + "."}}, false},
      {{{"traceparent", text + "-what-the-future-will-be-like"}}, false},
      {{{"traceparent", "cc" + ids}}, true},
      {{{"traceparent", "cc" + ids + "-what-the-future-will-be-like"}}, true},
      {{{"traceparent", "cc" + ids + ".what-the-future-will-be-like"}}, false},
      {{{"traceparent", "ff" + ids}}, false},
      {{{"traceparent", ".0" + ids}}, false},
      {{{"traceparent", "0." + ids}}, false},
      {{{"traceparent", "000" + ids}}, false},
      {{{"traceparent", "0000" + ids}}, false},
      {{{"traceparent", "0" + ids}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-0000000000000000-01"}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-.234567890123456-01"}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-123456789012345.-01"}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-12345678901234567-01"}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-123456789012345-01"}}, false},
      {{{"traceparent", "00-123456789012345678901234567890123-1234567890123456-01"}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-1234567890123456-.0"}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-1234567890123456-0."}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-1234567890123456-001"}}, false},
      {{{"traceparent", "00-12345678901234567890123456789012-1234567890123456-1"}}, false},
      {{{"traceparent", " " + text}}, true},
      {{{"traceparent", "\t" + text}}, true},
      {{{"traceparent", text + " "}}, true},
      {{{"traceparent", text + "\t"}}, true},
      {{{"traceparent", "\t " + text + " \t"}}, true},
      {{{"tracestate", "foo=1"}}, false},
      {{{"traceparent", text}, {"tracestate", ""}}, true},
      {{{"traceparent", text}, {"tracestate", "no member"}}, true},
  };
  for (const Row& row : rows) {
    const std::string shown =
        row.received.empty() ? "no header" : row.received[0].first + ": " + row.received[0].second;
    EXPECT_EQ(sent_after(row.received).continues_the_trace, row.continues) << shown;
  }
}

TEST(W3cConformance, TracestateFieldsAreCombinedInheritedOrDiscarded) {
  struct Row {
    std::vector<std::string> fields;
    std::string sent;
  };
  const std::string key(256, 'z');
  const std::string tenant = std::string(241, 't') + "@" + std::string(14, 'v');
  const Row rows[] = {
      {{"foo=1"}, "foo=1"},
      {{"foo=1,bar=2"}, "foo=1,bar=2"},
      {{""}, ""},
      {{"foo=1", ""}, "foo=1"},
      {{"", "foo=1"}, "foo=1"},
      {{"foo=1,bar=2", "rojo=1,congo=2", "baz=3"}, "foo=1,bar=2,rojo=1,congo=2,baz=3"},
      {{"foo=1,foo=2"}, "foo=1"},
      {{"foo=1", "foo=2"}, "foo=1"},
      {{"foo=1 \t , \t bar=2, \t baz=3"}, "foo=1,bar=2,baz=3"},
      {{"foo=1\t \t,\t \tbar=2,\t \tbaz=3"}, "foo=1,bar=2,baz=3"},
      {{" foo=1"}, "foo=1"},
      {{"\tfoo=1"}, "foo=1"},
      {{"foo=1 "}, "foo=1"},
      {{"foo=1\t"}, "foo=1"},
      {{"\t foo=1 \t"}, "foo=1"},
      {{"foo =1"}, ""},
      {{"FOO=1"}, ""},
      {{"foo.bar=1"}, ""},
      {{"foo@=1,bar=2"}, "foo@=1,bar=2"},
      {{"@foo=1,bar=2"}, ""},
      {{"foo@@bar=1,bar=2"}, "foo@@bar=1,bar=2"},
      {{"foo@bar@baz=1,bar=2"}, "foo@bar@baz=1,bar=2"},
      {{"foo=1", key + "=1"}, "foo=1," + key + "=1"},
      {{"foo=1", key + "z=1"}, ""},
      {{"foo=1", tenant + "=1"}, "foo=1," + tenant + "=1"},
      {{"foo=bar=baz"}, ""},
      {{"foo=,bar=3"}, ""},
  };
  for (const Row& row : rows) {
    Headers received = {{"traceparent", parent}};
    for (const std::string& field : row.fields) received.emplace_back("tracestate", field);
    const Sent sent = sent_after(received);
    EXPECT_TRUE(sent.continues_the_trace) << row.fields[0];
    EXPECT_EQ(sent.trace_state, row.sent) << row.fields[0];
  }
}

TEST(W3cConformance, TracestateGoesByItsNameInAnyCaseOnly) {
  for (const char* name : {"TraceState", "TrAcEsTaTe", "TRACESTATE"}) {
    EXPECT_EQ(sent_after({{"traceparent", parent}, {name, "foo=1"}}).trace_state, "foo=1") << name;
  }
  for (const char* name : {"trace-state", "trace.state"}) {
    EXPECT_EQ(sent_after({{"traceparent", parent}, {name, "foo=1"}}).trace_state, "") << name;
  }
}

TEST(W3cConformance, FlagsKeepSampledAndRandomAndNothingElse) {
  struct Row {
    std::string_view received;
    std::string_view sent;
  };
  const Row rows[] = {{"00", "00"}, {"01", "01"}, {"02", "02"}, {"03", "03"}, {"04", "00"}, {"fc", "00"}, {"ff", "03"}};
  for (const Row& row : rows) {
    const std::string received = parent.substr(0, 53) + std::string(row.received);
    EXPECT_EQ(sent_after({{"traceparent", received}}).flags, row.sent);
  }
}

}  // namespace
}  // namespace segue
