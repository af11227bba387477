"""Checks Segue's OTLP codec against the real protobuf library, in both directions and both encodings.

    otlp_codec_test.py path/to/otlp_codec_tool

The real library makes a request, as bytes or as JSON; ours reads it and writes it again; the real library
reads that and must find the same message. Requests are made by hand, one per thing that can go wrong, and at
random from a fixed seed.
"""

import json
import math
import random
import subprocess
import sys
import unittest

from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.trace.v1 import trace_pb2
from otlp_json import ID_NAMES, otlp_dict

Request = trace_service_pb2.ExportTraceServiceRequest
Response = trace_service_pb2.ExportTraceServiceResponse
AnyValue = common_pb2.AnyValue
Span = trace_pb2.Span

TOOL = None


def run(operation, data):
    done = subprocess.run([TOOL, operation], input=data, capture_output=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{operation} refused the input: {done.stderr.decode(errors='replace')}")
    return done.stdout


class Randomly:
    """Makes requests that use every field and kind of value."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self):
        alphabet = 'abcXYZ019 ._-/"\\\n\t\x00\x7fäß€漢😀'
        return "".join(self.random.choice(alphabet) for _ in range(self.random.choice([0, 1, 5, 20, 130])))

    def id(self, size):
        return bytes([self.random.randrange(1, 256)]) + self.random.randbytes(size - 1)

    def integer(self, bits):
        return self.random.choice([0, 1, 127, 128, 2**bits - 1, self.random.randrange(2**bits)])

    def double(self):
        return self.random.choice([0.0, -0.0, 0.1, -1e300, 5e-324, math.inf, -math.inf, self.random.uniform(-1e6, 1e6)])

    def value(self, levels=3):
        kind = self.random.randrange(8 if levels else 6)
        if kind == 0:
            return AnyValue()
        if kind == 1:
            return AnyValue(string_value=self.text())
        if kind == 2:
            return AnyValue(bool_value=self.random.random() < 0.5)
        if kind == 3:
            return AnyValue(int_value=self.integer(64) - 2**63)
        if kind == 4:
            return AnyValue(double_value=self.double())
        if kind == 5:
            return AnyValue(bytes_value=self.random.randbytes(self.random.randrange(5)))
        if kind == 6:
            values = [self.value(levels - 1) for _ in range(self.random.randrange(3))]
            return AnyValue(array_value=common_pb2.ArrayValue(values=values))
        return AnyValue(kvlist_value=common_pb2.KeyValueList(values=self.attributes(levels - 1)))

    def attributes(self, levels=3):
        return [
            common_pb2.KeyValue(key=self.text(), value=self.value(levels)) for _ in range(self.random.randrange(4))
        ]

    def span(self):
        return Span(
            trace_id=self.id(16),
            span_id=self.id(8),
            parent_span_id=self.random.choice([b"", self.id(8)]),
            trace_state=self.text(),
            name=self.text(),
            kind=self.random.randrange(6),
            start_time_unix_nano=self.integer(64),
            end_time_unix_nano=self.integer(64),
            attributes=self.attributes(),
            dropped_attributes_count=self.integer(32),
            events=[
                Span.Event(
                    time_unix_nano=self.integer(64),
                    name=self.text(),
                    attributes=self.attributes(),
                    dropped_attributes_count=self.integer(32),
                )
                for _ in range(self.random.randrange(3))
            ],
            dropped_events_count=self.integer(32),
            links=[
                Span.Link(
                    trace_id=self.id(16),
                    span_id=self.id(8),
                    trace_state=self.text(),
                    attributes=self.attributes(),
                    dropped_attributes_count=self.integer(32),
                    flags=self.integer(32),
                )
                for _ in range(self.random.randrange(3))
            ],
            dropped_links_count=self.integer(32),
            status=trace_pb2.Status(code=self.random.randrange(3), message=self.text()),
            flags=self.integer(32),
        )

    def request(self):
        request = Request()
        for _ in range(3):
            resource_spans = request.resource_spans.add(schema_url=self.text())
            resource_spans.resource.attributes.extend(self.attributes())
            resource_spans.resource.dropped_attributes_count = self.integer(32)
            for _ in range(2):
                scope_spans = resource_spans.scope_spans.add(schema_url=self.text())
                scope_spans.scope.name = self.text()
                scope_spans.scope.version = self.text()
                scope_spans.scope.attributes.extend(self.attributes())
                scope_spans.scope.dropped_attributes_count = self.integer(32)
                scope_spans.spans.extend(self.span() for _ in range(5))
        return request


def normalised(request):
    """As our encoder writes it: a status, resource or value that is set to nothing is as good as absent."""
    copy = Request()
    copy.CopyFrom(request)
    for resource_spans in copy.resource_spans:
        resource_spans.resource.SetInParent()
        for scope_spans in resource_spans.scope_spans:
            scope_spans.scope.SetInParent()
            for span in scope_spans.spans:
                if not span.status.ByteSize():
                    span.ClearField("status")
    return copy


class Requests(unittest.TestCase):
    def check(self, request):
        decoded = Request.FromString(run("request-reencode", request.SerializeToString()))
        self.assertEqual(normalised(decoded), normalised(request))

        text = run("request-to-json", request.SerializeToString())
        self.assertEqual(json.loads(text), otlp_dict(request))

        for dump in (json.dumps(otlp_dict(request)), json.dumps(otlp_dict(request), ensure_ascii=False, indent=1)):
            self.assertEqual(Request.FromString(run("request-from-json", dump.encode())), request)

    def test_an_empty_request(self):
        self.check(Request())

    def test_random_requests(self):
        for seed in range(12):
            with self.subTest(seed=seed):
                self.check(Randomly(seed).request())

    def test_not_a_number(self):
        request = Randomly(0).request()
        span = request.resource_spans[0].scope_spans[0].spans[0]
        del span.attributes[:]
        span.attributes.add(key="nan").value.double_value = math.nan
        for operation, data in (
            ("request-reencode", request.SerializeToString()),
            ("request-from-json", json.dumps(otlp_dict(request)).encode()),
        ):
            decoded = Request.FromString(run(operation, data))
            value = decoded.resource_spans[0].scope_spans[0].spans[0].attributes[0].value
            self.assertEqual(value.WhichOneof("value"), "double_value")
            self.assertTrue(math.isnan(value.double_value))

    def test_upper_case_ids_and_numbers_instead_of_strings(self):
        request = Randomly(1).request()

        def loosened(node):
            if isinstance(node, list):
                return [loosened(item) for item in node]
            if not isinstance(node, dict):
                return node
            result = {}
            for key, value in node.items():
                if key in ID_NAMES:
                    result[key] = value.upper()
                elif key in ("startTimeUnixNano", "endTimeUnixNano", "timeUnixNano", "intValue"):
                    result[key] = int(value)
                else:
                    result[key] = loosened(value)
            return result

        data = json.dumps(loosened(otlp_dict(request))).encode()
        self.assertEqual(Request.FromString(run("request-from-json", data)), request)

    def test_what_the_real_library_refuses_is_refused(self):
        data = Randomly(2).request().SerializeToString()
        for size in (1, len(data) // 2, len(data) - 1):
            with self.assertRaises(Exception):
                Request.FromString(data[:size])
            with self.assertRaisesRegex(AssertionError, "malformed protobuf"):
                run("request-reencode", data[:size])


class Answers(unittest.TestCase):
    def test_responses(self):
        rejected = Response()
        rejected.partial_success.rejected_spans = 2**40
        rejected.partial_success.error_message = 'span id is "all" zeros'
        warning = Response()
        warning.partial_success.error_message = "deprecated"
        for response in (Response(), rejected, warning):
            data = response.SerializeToString()
            self.assertEqual(run("response-reencode", data), data)
            text = run("response-to-json", data)
            self.assertEqual(json.loads(text), json_format.MessageToDict(response))
            self.assertEqual(run("response-from-json", json_format.MessageToJson(response).encode()), data)

    def test_statuses(self):
        for status in (status_pb2.Status(), status_pb2.Status(code=3, message="bad"), status_pb2.Status(code=-1)):
            data = status.SerializeToString()
            self.assertEqual(run("status-reencode", data), data)
            self.assertEqual(json.loads(run("status-to-json", data)), json_format.MessageToDict(status))
            self.assertEqual(run("status-from-json", json_format.MessageToJson(status).encode()), data)

    def test_the_retry_delay_survives(self):
        info = error_details_pb2.RetryInfo()
        info.retry_delay.FromMilliseconds(5250)
        status = status_pb2.Status(code=14, message="busy")
        status.details.add().Pack(info)
        decoded = status_pb2.Status.FromString(run("status-reencode", status.SerializeToString()))
        self.assertEqual(decoded, status)


if __name__ == "__main__":
    TOOL = sys.argv.pop(1)
    unittest.main(verbosity=2)
