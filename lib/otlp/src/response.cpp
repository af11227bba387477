#include "segue/otlp/response.h"

#include <algorithm>
#include <limits>

#include "field_reader.h"
#include "field_tags.h"
#include "message_writer.h"
#include "transcode.h"

namespace segue::otlp {
namespace {

constexpr std::string_view retry_info_type = "type.googleapis.com/google.rpc.RetryInfo";
constexpr unsigned max_depth = nesting_limit(0);

void read_partial_success(std::string_view encoded, ExportResponse& response) {
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::partial_success_field::rejected_spans:
        response.rejected_spans = static_cast<std::int64_t>(reader.get_uint64());
        break;
      case wire::partial_success_field::error_message: response.error_message = read_bytes(reader); break;
      default: skip_unknown(reader, 2);
    }
  }
}

// Years saturate: nobody waits 290 of them.
std::chrono::nanoseconds read_duration(std::string_view encoded) {
  constexpr std::int64_t max_seconds = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::duration_field::seconds: seconds = static_cast<std::int64_t>(reader.get_uint64()); break;
      case wire::duration_field::nanos: nanos = static_cast<std::int32_t>(reader.get_uint64()); break;
      default: skip_unknown(reader, 2);
    }
  }
  nanos = std::clamp(nanos, -999'999'999, 999'999'999);
  return std::chrono::seconds(std::clamp(seconds, -max_seconds, max_seconds)) + std::chrono::nanoseconds(nanos);
}

// The delay, if `encoded`, a google.protobuf.Any, is a RetryInfo that has one.
std::optional<std::chrono::nanoseconds> read_retry_delay(std::string_view encoded) {
  std::string_view type;
  std::string_view value;
  FieldReader any = open_message(encoded);
  while (any.next()) {
    switch (any.tag_and_type()) {
      case wire::any_field::type_url: type = read_bytes(any); break;
      case wire::any_field::value: value = read_bytes(any); break;
      default: skip_unknown(any, 2);
    }
  }
  if (type != retry_info_type) return std::nullopt;
  FieldReader retry_info = open_message(value);
  while (retry_info.next()) {
    if (retry_info.tag_and_type() == wire::retry_info_delay) return read_duration(read_bytes(retry_info));
    skip_unknown(retry_info, 1);
  }
  return std::nullopt;
}

void write_retry_info(MessageWriter& writer, std::chrono::nanoseconds delay) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(delay);
  const auto nanos = delay - seconds;
  writer.bytes(wire::any_field::type_url, retry_info_type);
  writer.message(wire::any_field::value, [&] {
    writer.message(wire::retry_info_delay, [&] {
      if (seconds.count() != 0) {
        writer.varint(wire::duration_field::seconds, static_cast<std::uint64_t>(seconds.count()));
      }
      if (nanos.count() != 0) writer.varint(wire::duration_field::nanos, static_cast<std::uint64_t>(nanos.count()));
    });
  });
}

void read_rpc_status(std::string_view encoded, RpcStatus& status) {
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::rpc_status_field::code: status.code = static_cast<std::int32_t>(reader.get_uint64()); break;
      case wire::rpc_status_field::message: status.message = read_bytes(reader); break;
      case wire::rpc_status_field::details:
        if (const auto delay = read_retry_delay(read_bytes(reader))) status.retry_delay = delay;
        break;
      default: skip_unknown(reader, 3);
    }
  }
}

}  // namespace

std::string to_protobuf(const ExportResponse& response) {
  std::string bytes;
  if (response == ExportResponse{}) return bytes;
  MessageWriter writer(bytes);
  writer.message(wire::response_partial_success, [&] {
    if (response.rejected_spans != 0) {
      writer.varint(wire::partial_success_field::rejected_spans, static_cast<std::uint64_t>(response.rejected_spans));
    }
    if (!response.error_message.empty()) {
      writer.bytes(wire::partial_success_field::error_message, response.error_message);
    }
  });
  return bytes;
}

std::string to_json(const ExportResponse& response) {
  return protobuf_to_json(export_response_schema, to_protobuf(response), max_depth);
}

Result<ExportResponse> export_response_from_protobuf(std::string_view protobuf) {
  return catch_failures([&]() -> Result<ExportResponse> {
    ExportResponse response;
    FieldReader reader = open_message(protobuf);
    while (reader.next()) {
      if (reader.tag_and_type() == wire::response_partial_success) {
        read_partial_success(read_bytes(reader), response);
      } else {
        skip_unknown(reader, 1);
      }
    }
    return response;
  });
}

Result<ExportResponse> export_response_from_json(std::string_view json) {
  return catch_failures([&]() -> Result<ExportResponse> {
    return export_response_from_protobuf(json_to_protobuf(export_response_schema, json, max_depth));
  });
}

std::string to_protobuf(const RpcStatus& status) {
  std::string bytes;
  MessageWriter writer(bytes);
  // Sign-extended, as protobuf has it for negative int32.
  if (status.code != 0) {
    writer.varint(wire::rpc_status_field::code, static_cast<std::uint64_t>(std::int64_t{status.code}));
  }
  if (!status.message.empty()) writer.bytes(wire::rpc_status_field::message, status.message);
  if (status.retry_delay) {
    writer.message(wire::rpc_status_field::details, [&] { write_retry_info(writer, *status.retry_delay); });
  }
  return bytes;
}

std::string to_json(const RpcStatus& status) {
  return protobuf_to_json(rpc_status_schema, to_protobuf(status), max_depth);
}

Result<RpcStatus> rpc_status_from_protobuf(std::string_view protobuf) {
  return catch_failures([&]() -> Result<RpcStatus> {
    RpcStatus status;
    read_rpc_status(protobuf, status);
    return status;
  });
}

Result<RpcStatus> rpc_status_from_json(std::string_view json) {
  return catch_failures([&]() -> Result<RpcStatus> {
    return rpc_status_from_protobuf(json_to_protobuf(rpc_status_schema, json, max_depth));
  });
}

}  // namespace segue::otlp
