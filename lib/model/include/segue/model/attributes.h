// The attribute vocabulary: every key that Segue writes and the server reads, in one place.
//
// The library and the server share words only through this header, so they cannot drift apart.
// `workflow.*` and `handoff.*` are the original system's keys, byte for byte; the others are
// OpenTelemetry semantic conventions v1.44 unless a comment says otherwise.
#pragma once

#include <string_view>

namespace segue::attributes {

using Key = std::string_view;

// A node or workflow span.
inline constexpr Key workflow_bot_type = "workflow.bot_type";
inline constexpr Key workflow_node_name = "workflow.node_name";
inline constexpr Key workflow_contact_id = "workflow.contact_id";
inline constexpr Key workflow_conversation_id = "workflow.conversation_id";
inline constexpr Key workflow_current_step = "workflow.current_step";
inline constexpr Key workflow_temperature = "workflow.temperature";
inline constexpr Key workflow_success = "workflow.success";          // bool
inline constexpr Key workflow_duration_ms = "workflow.duration_ms";  // double, two decimals
inline constexpr Key workflow_prefix = "workflow.";                  // before the key of an application's own value
inline constexpr Key workflow_step = "workflow.step";                // int, superstep from 1; parallel nodes share one
inline constexpr Key workflow_attempt = "workflow.attempt";          // int, from 1, on nodes that may be tried again
inline constexpr Key workflow_execution_id = "workflow.execution.id";
inline constexpr Key workflow_execution_previous_ids = "workflow.execution.previous_ids";  // string[], all predecessors
inline constexpr Key workflow_name = "workflow.name";
inline constexpr Key workflow_nodes = "workflow.nodes";  // string[], the compiled graph's nodes
inline constexpr Key workflow_edges = "workflow.edges";  // string[], "source -> target", every edge
inline constexpr Key workflow_conditional_edges = "workflow.conditional_edges";  // string[], "source -> target: label"
inline constexpr Key workflow_subgraphs = "workflow.subgraphs";                  // string[], "node: bot.workflow"
inline constexpr Key workflow_link_type = "workflow.link.type";                  // on links: "handoff" | "resume"
inline constexpr Key workflow_contact_hash = "workflow.contact_hash";            // in baggage
inline constexpr Key workflow_origin_bot = "workflow.origin_bot";                // in baggage

// A handoff span.
inline constexpr Key handoff_source_bot = "handoff.source_bot";
inline constexpr Key handoff_target_bot = "handoff.target_bot";
inline constexpr Key handoff_contact_id = "handoff.contact_id";
inline constexpr Key handoff_confidence = "handoff.confidence";  // double, 0..1
inline constexpr Key handoff_reason = "handoff.reason";
inline constexpr Key handoff_outcome = "handoff.outcome";  // executed | deferred | blocked | failed
inline constexpr Key handoff_blocked_by = "handoff.blocked_by";
inline constexpr Key handoff_loop_detected = "handoff.loop_detected";  // bool
inline constexpr Key handoff_mode = "handoff.mode";                    // pass_control | return_to_caller
inline constexpr Key handoff_target_type = "handoff.target_type";      // agent | human | workflow
inline constexpr Key handoff_carrier = "handoff.carrier";              // metadata | http | queue | env

// A traced service operation.
inline constexpr Key jorge_service = "jorge.service";
inline constexpr Key jorge_operation = "jorge.operation";
inline constexpr Key jorge_success = "jorge.success";
inline constexpr Key jorge_duration_ms = "jorge.duration_ms";
inline constexpr Key code_function_name = "code.function.name";

// The intent decoder.
inline constexpr Key decoder_conversation_length = "decoder.conversation_length";
inline constexpr Key decoder_buyer_intent = "decoder.buyer_intent";
inline constexpr Key decoder_seller_intent = "decoder.seller_intent";

// Exceptions and errors.
inline constexpr Key exception_type = "exception.type";
inline constexpr Key exception_message = "exception.message";
inline constexpr Key exception_causes = "exception.causes";  // Segue's: string[], "type: message", the outermost first
inline constexpr Key error_type = "error.type";

// HTTP.
inline constexpr Key http_request_method = "http.request.method";
inline constexpr Key http_request_method_original = "http.request.method_original";
inline constexpr Key http_response_status_code = "http.response.status_code";
inline constexpr Key http_route = "http.route";
inline constexpr Key url_full = "url.full";
inline constexpr Key url_path = "url.path";
inline constexpr Key url_query = "url.query";
inline constexpr Key url_scheme = "url.scheme";
inline constexpr Key url_template = "url.template";
inline constexpr Key server_address = "server.address";
inline constexpr Key server_port = "server.port";
inline constexpr Key client_address = "client.address";
inline constexpr Key network_peer_address = "network.peer.address";
inline constexpr Key network_peer_port = "network.peer.port";
inline constexpr Key network_protocol_version = "network.protocol.version";
inline constexpr Key user_agent_original = "user_agent.original";

// GenAI agents and their conversations.
inline constexpr Key gen_ai_agent_name = "gen_ai.agent.name";
inline constexpr Key gen_ai_operation_name = "gen_ai.operation.name";
inline constexpr Key gen_ai_conversation_id = "gen_ai.conversation.id";
inline constexpr Key gen_ai_workflow_name = "gen_ai.workflow.name";
inline constexpr Key gen_ai_handoff_to_agent = "gen_ai.handoff.to_agent";  // OpenLLMetry's
inline constexpr Key session_id = "session.id";

// Proposed conventions and OpenInference's, written only if asked for (SemanticConventions::Experimental).
inline constexpr Key gen_ai_step_name = "gen_ai.step.name";
inline constexpr Key gen_ai_node_execution_id = "gen_ai.node.execution.id";
inline constexpr Key gen_ai_node_previous_execution_id = "gen_ai.node.previous_execution.id";  // string[]
inline constexpr Key gen_ai_transfer_mode = "gen_ai.transfer.mode";
inline constexpr Key gen_ai_transfer_target_type = "gen_ai.transfer.target.type";
inline constexpr Key gen_ai_transfer_target_name = "gen_ai.transfer.target.name";
inline constexpr Key gen_ai_caller_name = "gen_ai.caller.name";
inline constexpr Key gen_ai_handoff_reason = "gen_ai.handoff.reason";
inline constexpr Key openinference_span_kind = "openinference.span.kind";  // CHAIN | AGENT
inline constexpr Key graph_node_id = "graph.node.id";
inline constexpr Key graph_node_name = "graph.node.name";
inline constexpr Key graph_node_parent_id = "graph.node.parent_id";

// Resource.
inline constexpr Key service_name = "service.name";
inline constexpr Key service_version = "service.version";
inline constexpr Key service_instance_id = "service.instance.id";
inline constexpr Key deployment_environment = "deployment.environment";  // the original's, kept for its dashboards
inline constexpr Key deployment_environment_name = "deployment.environment.name";
inline constexpr Key telemetry_sdk_name = "telemetry.sdk.name";
inline constexpr Key telemetry_sdk_language = "telemetry.sdk.language";
inline constexpr Key telemetry_sdk_version = "telemetry.sdk.version";
inline constexpr Key process_pid = "process.pid";
inline constexpr Key process_executable_name = "process.executable.name";
inline constexpr Key host_name = "host.name";

}  // namespace segue::attributes
