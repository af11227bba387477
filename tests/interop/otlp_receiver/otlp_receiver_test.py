"""Receives what Segue's OTLP exporters send, with gRPC's and OpenTelemetry's own packages.

    otlp_receiver_test.py path/to/send_spans path/to/send_metrics
"""

import gzip
import json
import subprocess
import sys
import threading
import unittest
from concurrent import futures
from http.server import BaseHTTPRequestHandler, HTTPServer

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.metrics.v1 import metrics_pb2
from otlp_json import otlp_dict

Request = trace_service_pb2.ExportTraceServiceRequest
Response = trace_service_pb2.ExportTraceServiceResponse

MetricsRequest = metrics_service_pb2.ExportMetricsServiceRequest
MetricsResponse = metrics_service_pb2.ExportMetricsServiceResponse

PROGRAM = None
METRICS_PROGRAM = None


def make_request():
    """One resource, two scopes, and a span that uses every field and kind of value."""
    request = Request()
    resource_spans = request.resource_spans.add()
    resource_spans.resource.attributes.add(key="service.name").value.string_value = "bots"
    bots = resource_spans.scope_spans.add(schema_url="https://opentelemetry.io/schemas/1.44.0")
    bots.scope.name = "acme.bots"
    bots.scope.version = "1.4.0"
    span = bots.spans.add(
        trace_id=bytes(range(1, 17)),
        span_id=bytes(range(1, 9)),
        parent_span_id=bytes(range(11, 19)),
        trace_state="ot=th:8",
        flags=0x301,
        name='nöde ✓ 😀 "quoted" \x01\n',
        kind=2,
        start_time_unix_nano=1_772_357_400_000_125_001,
        end_time_unix_nano=1_772_357_400_101_425_999,
        dropped_attributes_count=1,
        dropped_events_count=2,
        dropped_links_count=3,
    )
    span.status.code = 2
    span.status.message = "blocked"
    values = {
        "text": dict(string_value="c-1"),
        "empty": dict(string_value=""),
        "yes": dict(bool_value=True),
        "count": dict(int_value=-(2**63)),
        "share": dict(double_value=0.1),
        "bytes": dict(bytes_value=b"\x00\xff"),
    }
    for key, value in values.items():
        attribute = span.attributes.add(key=key)
        for field, content in value.items():
            setattr(attribute.value, field, content)
    nested = span.attributes.add(key="map").value.kvlist_value.values.add(key="list")
    nested.value.array_value.values.add().int_value = 7
    event = span.events.add(name="rate limited", time_unix_nano=1_772_357_400_012_500_000, dropped_attributes_count=4)
    event.attributes.add(key="limit").value.int_value = 3
    link = span.links.add(trace_id=b"\xbb" * 16, span_id=b"\x09" * 8, trace_state="a=b", flags=0x101)
    link.attributes.add(key="workflow.link.type").value.string_value = "handoff"
    other = resource_spans.scope_spans.add()
    other.scope.name = "acme.http"
    other.spans.add(trace_id=b"\x01" * 16, span_id=b"\x02" * 8, name="GET", kind=3, start_time_unix_nano=1, end_time_unix_nano=2)
    return request


def run(*command, text=b""):
    done = subprocess.run(command, input=text, capture_output=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return done.stdout.decode().strip()


def send(kind, endpoint, *options):
    return run(PROGRAM, kind, endpoint, *options, text=json.dumps(otlp_dict(make_request())).encode())


def send_metrics(kind, endpoint, *options):
    return run(METRICS_PROGRAM, kind, endpoint, *options)


class GrpcReceiver(trace_service_pb2_grpc.TraceServiceServicer, metrics_service_pb2_grpc.MetricsServiceServicer):
    """Takes spans and metrics, plays one answer, a function of the call's context, and keeps the requests."""

    def __init__(self, answer=lambda context: Response()):
        self.answer = answer
        self.requests = []
        self.metadata = []

    def Export(self, request, context):
        self.requests.append(request)
        self.metadata.append(dict(context.invocation_metadata()))
        return self.answer(context)

    def __enter__(self):
        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(self, self.server)
        metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(self, self.server)
        port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        self.endpoint = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self.server.stop(0).wait()


class Grpc(unittest.TestCase):
    def test_everything_arrives(self):
        for options in ((), ("gzip",)):
            with self.subTest(options=options), GrpcReceiver() as receiver:
                self.assertEqual(send("otlp_grpc", receiver.endpoint, *options), "delivered 0 rejected")
                self.assertEqual(receiver.requests, [make_request()])
                self.assertRegex(receiver.metadata[0]["user-agent"], "^Segue-OTLP-Exporter-Cpp/[0-9.]+ grpc-c")

    def test_a_partial_success(self):
        def answer(_):
            response = Response()
            response.partial_success.rejected_spans = 1
            response.partial_success.error_message = "too old"
            return response

        with GrpcReceiver(answer) as receiver:
            self.assertEqual(send("otlp_grpc", receiver.endpoint), "delivered 1 rejected: too old")

    def test_codes(self):
        for code, outcome in (
            (grpc.StatusCode.UNAVAILABLE, "retryable"),
            (grpc.StatusCode.RESOURCE_EXHAUSTED, "rejected"),
            (grpc.StatusCode.INVALID_ARGUMENT, "rejected"),
        ):
            with self.subTest(code=code), GrpcReceiver(lambda context: context.abort(code, "no")) as receiver:
                self.assertEqual(send("otlp_grpc", receiver.endpoint), f"{outcome} 0 rejected: gRPC {code.name}: no")

    def test_a_retry_delay(self):
        def answer(context):
            info = error_details_pb2.RetryInfo()
            info.retry_delay.FromMilliseconds(5250)
            status = status_pb2.Status(code=grpc.StatusCode.RESOURCE_EXHAUSTED.value[0], message="busy")
            status.details.add().Pack(info)
            context.abort_with_status(rpc_status.to_status(status))

        with GrpcReceiver(answer) as receiver:
            self.assertEqual(
                send("otlp_grpc", receiver.endpoint),
                "retryable 0 rejected retry after 5250 ms: gRPC RESOURCE_EXHAUSTED: busy",
            )


class HttpReceiver:
    """Keeps type and content of what is posted to it, and answers 200."""

    def __init__(self, path="/v1/traces"):
        self.path = path

    def __enter__(self):
        received = self.received = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                received.append((self.path, self.headers["Content-Type"], body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}{self.path}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Http(unittest.TestCase):
    def test_everything_arrives_as_protobuf(self):
        for options in ((), ("gzip",)):
            with self.subTest(options=options), HttpReceiver() as receiver:
                self.assertEqual(send("otlp_http", receiver.endpoint, *options), "delivered 0 rejected")
                [(path, content_type, body)] = receiver.received
                self.assertEqual((path, content_type), ("/v1/traces", "application/x-protobuf"))
                self.assertEqual(Request.FromString(body), make_request())

    def test_everything_arrives_as_json(self):
        for options in ((), ("gzip",)):
            with self.subTest(options=options), HttpReceiver() as receiver:
                self.assertEqual(send("otlp_http_json", receiver.endpoint, *options), "delivered 0 rejected")
                [(_, content_type, body)] = receiver.received
                self.assertEqual(content_type, "application/json")
                self.assertEqual(json.loads(body), otlp_dict(make_request()))


class Metrics(unittest.TestCase):
    def check(self, request):
        [resource_metrics] = request.resource_metrics
        self.assertEqual([a.value.string_value for a in resource_metrics.resource.attributes], ["bots"])
        [scope_metrics] = resource_metrics.scope_metrics
        self.assertEqual((scope_metrics.scope.name, scope_metrics.scope.version), ("segue", "1.4.0"))
        handoffs, durations = sorted(scope_metrics.metrics, key=lambda metric: metric.name)
        self.assertEqual((handoffs.name, handoffs.unit), ("workflow.handoff.total", "{handoff}"))
        self.assertTrue(handoffs.sum.is_monotonic)
        self.assertEqual(handoffs.sum.aggregation_temporality, metrics_pb2.AGGREGATION_TEMPORALITY_CUMULATIVE)
        [point] = handoffs.sum.data_points
        self.assertEqual((point.as_int, point.attributes[0].value.string_value), (3, "executed"))
        self.assertLessEqual(point.start_time_unix_nano, point.time_unix_nano)
        self.assertEqual((durations.name, durations.unit), ("workflow.node.duration", "s"))
        [point] = durations.histogram.data_points
        self.assertEqual((point.count, point.sum, point.min, point.max), (2, 2.5, 0.5, 2.0))
        self.assertEqual(len(point.bucket_counts), len(point.explicit_bounds) + 1)
        full = [point.explicit_bounds[i] for i, count in enumerate(point.bucket_counts) if count]
        self.assertEqual(full, [0.5, 2.0])

    def test_they_arrive_by_grpc(self):
        for options in ((), ("gzip",)):
            with self.subTest(options=options), GrpcReceiver(lambda context: MetricsResponse()) as receiver:
                self.assertEqual(send_metrics("otlp_grpc", receiver.endpoint, *options), "delivered 0 rejected")
                [request] = receiver.requests
                self.assertIsInstance(request, MetricsRequest)
                self.check(request)
                self.assertRegex(receiver.metadata[0]["user-agent"], "^Segue-OTLP-Exporter-Cpp/")

    def test_they_arrive_by_http(self):
        for options in ((), ("gzip",)):
            with self.subTest(options=options), HttpReceiver("/v1/metrics") as receiver:
                self.assertEqual(send_metrics("otlp_http", receiver.endpoint, *options), "delivered 0 rejected")
                [(path, content_type, body)] = receiver.received
                self.assertEqual((path, content_type), ("/v1/metrics", "application/x-protobuf"))
                self.check(MetricsRequest.FromString(body))

    def test_a_partial_success(self):
        def answer(_):
            response = MetricsResponse()
            response.partial_success.rejected_data_points = 1
            response.partial_success.error_message = "too old"
            return response

        with GrpcReceiver(answer) as receiver:
            self.assertEqual(send_metrics("otlp_grpc", receiver.endpoint), "delivered 1 rejected: too old")

    def test_codes(self):
        for code, outcome in ((grpc.StatusCode.UNAVAILABLE, "retryable"), (grpc.StatusCode.INVALID_ARGUMENT, "rejected")):
            with self.subTest(code=code), GrpcReceiver(lambda context: context.abort(code, "no")) as receiver:
                expected = f"{outcome} 0 rejected: gRPC {code.name}: no"
                self.assertEqual(send_metrics("otlp_grpc", receiver.endpoint), expected)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    METRICS_PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
