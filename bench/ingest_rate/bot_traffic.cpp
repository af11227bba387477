#include "bot_traffic.h"

#include <cstring>
#include <string_view>
#include <variant>

namespace segue::bench {
namespace {

constexpr std::uint64_t first_webhook_nanos = 1'747'000'000'000'000'000;
constexpr std::uint64_t webhook_distance_nanos = 700'000'000;

constexpr std::string_view bots[] = {"lead_bot", "buyer_bot", "seller_bot"};
constexpr std::string_view nodes[] = {"analyze_intent",   "calculate_frs",    "generate_response", "qualify_property",
                                      "schedule_showing", "handle_objection", "update_crm",        "send_message"};
constexpr std::string_view temperatures[] = {"cold", "warm", "hot"};

template <class IdType>
IdType random_id(std::mt19937_64& random) {
  IdType id;
  for (std::size_t i = 0; i < IdType::byte_count; i += 8) {
    const std::uint64_t bits = random();
    std::memcpy(id.bytes.data() + i, &bits, 8);
  }
  return id;
}

std::unique_ptr<const ResourceView> make_resource() {
  auto resource = std::make_unique<ResourceView>();
  using namespace std::string_view_literals;
  resource->attributes = {{"service.name", "jorge"sv},
                          {"service.version", "1.4.2"sv},
                          {"service.instance.id", "9b2f6c1e-4f53-4d6e-9d0b-1f2a3b4c5d6e"sv},
                          {"deployment.environment.name", "production"sv},
                          {"telemetry.sdk.name", "segue"sv},
                          {"telemetry.sdk.language", "cpp"sv},
                          {"telemetry.sdk.version", "0.1.0"sv},
                          {"process.pid", std::int64_t{4711}},
                          {"process.executable.name", "jorge"sv},
                          {"host.name", "bots-7d9f8b6c5-x2x4z"sv}};
  return resource;
}

struct Appender {
  std::string& out;

  void operator()(std::monostate) {}
  void operator()(std::string_view text) { out += text; }
  void operator()(BytesView value) { out += value.bytes; }
  void operator()(ArrayView value) { out += value.encoded; }
  void operator()(MapView value) { out += value.encoded; }
  template <class Number>
  void operator()(Number number) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
};

void append_attributes(std::string& out, const AttributeViews& attributes) {
  for (const AttributeView& attribute : attributes) {
    out += attribute.key;
    std::visit(Appender{out}, attribute.value);
  }
}

}  // namespace

std::string BotTraffic::contact(std::uint64_t webhook) {
  return "contact_" + std::to_string(webhook / webhooks_per_contact * 7919 % 1'000'000'007);
}

Batch BotTraffic::next_batch(std::size_t webhooks) {
  Batch batch;
  batch.list.resources.push_back(make_resource());
  auto scope = std::make_unique<ScopeView>();
  scope->name = "segue";
  scope->version = "0.1.0";
  batch.list.scopes.push_back(std::move(scope));
  for (std::size_t i = 0; i < webhooks; ++i) add_webhook(batch);
  return batch;
}

SpanView& BotTraffic::add_span(Batch& batch, const TraceId& trace, const SpanId& parent, std::string name,
                               std::uint64_t start) {
  SpanView& span = batch.list.spans.emplace_back();
  span.trace_id = trace;
  span.span_id = random_id<SpanId>(random_);
  span.parent_span_id = parent;
  span.name = batch.texts.emplace_back(std::move(name));
  span.kind = SpanKind::Internal;
  span.start_unix_nanos = start;
  span.end_unix_nanos = start + 1'000'000 + random_() % 150'000'000;
  span.resource = batch.list.resources.front().get();
  span.scope = batch.list.scopes.front().get();
  return span;
}

void BotTraffic::add_webhook(Batch& batch) {
  const auto trace = random_id<TraceId>(random_);
  const std::string_view contact_id = batch.texts.emplace_back(contact(webhook_));
  const std::string_view conversation = batch.texts.emplace_back("conversation_" + std::string(contact_id.substr(8)));
  std::uint64_t start = first_webhook_nanos + webhook_ * webhook_distance_nanos;
  SpanView& root = add_span(batch, trace, {}, "POST /api/v1/webhooks/ghl", start);
  using namespace std::string_view_literals;
  root.kind = SpanKind::Server;
  root.attributes = {{"http.request.method", "POST"sv},
                     {"http.route", "/api/v1/webhooks/ghl"sv},
                     {"url.path", "/api/v1/webhooks/ghl"sv},
                     {"url.scheme", "https"sv},
                     {"server.address", "bots.example.com"sv},
                     {"server.port", std::int64_t{443}},
                     {"client.address", "203.0.113.7"sv},
                     {"user_agent.original", "LeadConnector/1.0"sv},
                     {"http.response.status_code", std::int64_t{200}}};
  const SpanId root_id = root.span_id;
  const std::string_view bot = bots[webhook_ / 3 % std::size(bots)];
  for (std::size_t i = 1; i < spans_per_webhook; ++i) {
    start += random_() % 40'000'000;
    const std::string_view node = nodes[(webhook_ + i) % std::size(nodes)];
    SpanView& span = add_span(batch, trace, root_id, std::string(bot) + "." + std::string(node), start);
    span.attributes = {{"workflow.bot_type", bot},
                       {"workflow.node_name", node},
                       {"workflow.contact_id", contact_id},
                       {"workflow.conversation_id", conversation},
                       {"gen_ai.agent.name", bot},
                       {"workflow.current_step", nodes[i % std::size(nodes)]},
                       {"workflow.temperature", temperatures[webhook_ % std::size(temperatures)]},
                       {"workflow.success", true},
                       {"workflow.duration_ms", static_cast<double>(span.duration_nanos() / 10'000) / 100}};
    for (std::size_t extra = 0; extra < random_() % 4; ++extra) {
      span.attributes.push_back({extra == 0 ? "decoder.buyer_intent"sv : "decoder.conversation_length"sv,
                                 static_cast<std::int64_t>(random_() % 100)});
    }
    if (random_() % 200 == 0) span.status = StatusCode::Error;
  }
  ++webhook_;
}

std::string opaque_bytes(const Batch& batch, std::size_t index) {
  std::string bytes;
  for (std::size_t i = 0; i < BotTraffic::spans_per_webhook; ++i) {
    const SpanView& span = batch.list.spans[index * BotTraffic::spans_per_webhook + i];
    bytes.append(span.trace_id.as_bytes()).append(span.span_id.as_bytes()).append(span.parent_span_id.as_bytes());
    bytes += span.name;
    Appender{bytes}(span.start_unix_nanos);
    Appender{bytes}(span.end_unix_nanos);
    append_attributes(bytes, span.attributes);
    append_attributes(bytes, span.resource->attributes);
  }
  return bytes;
}

}  // namespace segue::bench
