#include "segue/trace/provider.h"

#include <string>

#include "attribute_encoding.h"
#include "byte_buffer.h"
#include "provider_registry.h"
#include "provider_state.h"
#include "segue/base/clock.h"
#include "segue/base/log.h"
#include "segue/otlp/wire.h"
#include "segue/trace/encode_attributes.h"
#include "text.h"

namespace segue {
namespace {

namespace wire = otlp::wire;

std::string encode_resource(Attributes attributes) { return encode_attributes(wire::resource_attributes, attributes); }

std::string encode_scope(std::string_view name, std::string_view version, Attributes attributes) {
  detail::ByteBuffer bytes;
  const auto append = [&bytes](std::uint32_t number, std::string_view given) {
    const std::string_view text = detail::clean_text(given, SIZE_MAX);
    char* out = text.empty() ? nullptr : bytes.extend(wire::length_field_size(text.size()));
    if (out != nullptr) wire::write_length_field(out, wire::tag(number, wire::WireType::Length), text);
  };
  append(1, name);
  append(2, version);
  detail::append_attributes(bytes, wire::tag(3, wire::WireType::Length), attributes, SIZE_MAX, {});
  return std::string(bytes.view());
}

std::vector<std::shared_ptr<SpanObserver>> without_null(std::vector<std::shared_ptr<SpanObserver>> observers) {
  std::erase(observers, nullptr);
  return observers;
}

detail::ConstantDecisions ask_constant_decisions(const Sampler& sampler) {
  detail::ConstantDecisions decisions;
  for (std::size_t kind = 0; kind < parent_kind_count; ++kind) {
    decisions[kind] = sampler.constant_decision(static_cast<ParentKind>(kind));
  }
  return decisions;
}

}  // namespace

std::string_view to_string(DropReason reason) noexcept {
  switch (reason) {
    case DropReason::QueueFull: return "queue_full";
    case DropReason::TooLarge: return "too_large";
    case DropReason::AfterShutdown: return "after_shutdown";
    case DropReason::ThreadEnding: return "thread_ending";
    case DropReason::OutOfMemory: return "out_of_memory";
    case DropReason::ExportFailed: return "export_failed";
    case DropReason::PartialReject: return "partial_reject";
    case DropReason::SpoolFull: return "spool_full";
    case DropReason::SpoolExpired: return "spool_expired";
    case DropReason::SpoolCorrupt: return "spool_corrupt";
    case DropReason::SpoolFailed: return "spool_failed";
  }
  return "unknown";
}

namespace detail {

ProviderState::ProviderState(const TracerProviderOptions& options)
    : sampler(options.sampler != nullptr ? options.sampler : parent_based(always_on())),
      constant_decisions(ask_constant_decisions(*sampler)),
      limits(options.limits),
      observers(without_null(options.observers)),
      resource(encode_resource(options.resource)),
      resource_after_fork(options.resource_after_fork),
      chunks(options.max_queue_bytes),
      budget(options.max_queue_spans),
      queue(*this) {}

std::shared_ptr<Recorder> ProviderState::add_recorder(const TracerState& tracer) {
  wake_in_child(*this);
  auto recorder = std::make_shared<Recorder>(tracer);
  const std::lock_guard lock(mutex);
  recorders.push_back(recorder);
  return recorder;
}

void ProviderState::become_child() noexcept {
  for (const auto& recorder : recorders) recorder->abandon();
  recorders.clear();
  next_recorder = 0;
  finished = {};
  chunks.reset();
  budget.reset();
  signal.reset();
  is_fresh_child.store(true, std::memory_order_relaxed);
}

void ProviderState::refresh_resource() noexcept {
  if (!resource_after_fork) return;
  try {
    resource = encode_resource(resource_after_fork());
  } catch (const std::exception& failure) {
    log(LogLevel::Warning, std::string("a forked child keeps its parent's resource: ") + failure.what());
  }
}

}  // namespace detail

Result<TracerProvider> TracerProvider::create(const TracerProviderOptions& options) {
  constexpr std::size_t min_queue = std::size_t{64} << 10;
  constexpr std::size_t min_span = std::size_t{4} << 10;
  constexpr std::size_t max_span = std::size_t{1} << 30;
  if (options.max_queue_bytes < min_queue) {
    return Error{Errc::InvalidArgument, "max_queue_bytes is below 65536"};
  }
  if (options.limits.max_value_depth > 64) return Error{Errc::InvalidArgument, "limits.max_value_depth is above 64"};
  if (options.limits.max_span_bytes < min_span || options.limits.max_span_bytes > max_span) {
    return Error{Errc::InvalidArgument, "limits.max_span_bytes is not within 4096 and 1073741824"};
  }
  auto* state = new detail::ProviderState(options);
  detail::register_provider(state);
  (void)clock_conversion();  // calibrated here, not by the first span
  return TracerProvider(state);
}

TracerProvider::TracerProvider(TracerProvider&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}

TracerProvider::~TracerProvider() {
  if (state_ == nullptr) return;
  close();
  state_->chunks.free_idle();
}

Tracer TracerProvider::tracer(std::string_view name, std::string_view version, const ScopeOptions& options) {
  if (state_->closed.load(std::memory_order_relaxed)) return Tracer();
  std::string scope = encode_scope(name, version, options.attributes);
  std::string schema_url(detail::clean_text(options.schema_url, SIZE_MAX));
  const std::lock_guard lock(state_->mutex);
  for (const detail::TracerState& known : state_->tracers) {
    if (known.encoded_scope == scope && known.schema_url == schema_url) return Tracer(&known);
  }
  state_->tracers.push_back({state_, std::string(name), std::move(scope), std::move(schema_url)});
  return Tracer(&state_->tracers.back());
}

RecordQueue& TracerProvider::queue() noexcept { return state_->queue; }

void TracerProvider::close() noexcept { state_->closed.store(true, std::memory_order_release); }

namespace detail {

void add_counts(TraceStats& total, const Recorder& recorder) noexcept {
  total.started += recorder.started.value();
  total.unsampled += recorder.unsampled.value();
  total.recorded_only += recorder.recorded_only.value();
  for (std::size_t i = 0; i < drop_reason_count; ++i) total.dropped[i] += recorder.dropped[i].value();
}

}  // namespace detail

TraceStats TracerProvider::stats() const noexcept {
  const std::lock_guard lock(state_->mutex);
  TraceStats total = state_->finished;
  const bool abandoned = state_->abandoned.load(std::memory_order_relaxed);
  for (const auto& recorder : state_->recorders) {
    detail::add_counts(total, *recorder);
    if (abandoned) total.dropped[static_cast<std::size_t>(DropReason::AfterShutdown)] += recorder->unread();
  }
  return total;
}

}  // namespace segue
