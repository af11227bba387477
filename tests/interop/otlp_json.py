"""OTLP's JSON form of protobuf messages, for the tests with the real protobuf library."""

import base64

from google.protobuf import json_format

ID_NAMES = ("traceId", "spanId", "parentSpanId")


def otlp_dict(message):
    """The message in protobuf's JSON mapping, with OTLP's own rules: enumerators as numbers, ids in hex."""

    def with_hex_ids(node):
        if isinstance(node, list):
            return [with_hex_ids(item) for item in node]
        if not isinstance(node, dict):
            return node
        return {
            key: base64.b64decode(value).hex() if key in ID_NAMES else with_hex_ids(value)
            for key, value in node.items()
        }

    return with_hex_ids(json_format.MessageToDict(message, use_integers_for_enums=True))
