// The command line: what `segue` understands, and which function does it.
#include <csignal>
#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>

#include "data_folder.h"
#include "exit_codes.h"
#include "segue/model/ids.h"
#include "serve.h"
#include "show.h"

namespace {

using namespace segue::server;

constexpr const char* examples = R"(
Examples:
  segue serve                            start the server; traces are kept in ~/.local/share/segue
  segue serve --data ./traces --port 0   another folder, any free port
  segue journey contact_7Qm2xVd9         everything that happened to one contact, as a tree
  segue trace 4bf92f3577b34da6a3ce929d0e0e4736

Send spans from any OpenTelemetry program:
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf ./your-program

Exit codes: 0 done, 1 failed, 2 the command line makes no sense.)";

struct Arguments {
  ServeOptions serve;
  std::string server_url = "http://127.0.0.1:16686";
  std::string trace_id;
  std::string contact_id;
};

std::string check_trace_id(const std::string& text) {
  const auto id = segue::TraceId::from_hex(text);
  return id && id->is_valid() ? "" : "a trace id is 32 hexadecimal digits, not all of them zero";
}

CLI::App* add_serve(CLI::App& app, Arguments& arguments) {
  CLI::App* serve = app.add_subcommand("serve", "Receive, keep and show traces");
  serve->add_option("--data", arguments.serve.data_folder, "Folder for the traces; created if missing")
      ->envname("SEGUE_DATA")
      ->type_name("DIR")
      ->default_str("$XDG_DATA_HOME/segue or ~/.local/share/segue");
  serve
      ->add_option("--address", arguments.serve.address,
                   "Numeric address to listen on; there is no login: keep it on loopback")
      ->type_name("ADDRESS")
      ->capture_default_str();
  serve->add_option("--port", arguments.serve.port, "Port of the web page and the API; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  serve
      ->add_option("--otlp-port", arguments.serve.otlp_port, "Port that receives spans over OTLP/HTTP; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  return serve;
}

void add_server_option(CLI::App& command, Arguments& arguments) {
  command.add_option("--server", arguments.server_url, "Where the server's web page and API are")
      ->envname("SEGUE_SERVER")
      ->type_name("URL")
      ->capture_default_str();
}

CLI::App* add_trace(CLI::App& app, Arguments& arguments) {
  CLI::App* trace = app.add_subcommand("trace", "Print one trace as a tree");
  trace->add_option("ID", arguments.trace_id, "The trace's id: 32 hexadecimal digits")
      ->required()
      ->check(CLI::Validator(check_trace_id, "", "trace id"));
  add_server_option(*trace, arguments);
  return trace;
}

CLI::App* add_journey(CLI::App& app, Arguments& arguments) {
  CLI::App* journey = app.add_subcommand("journey", "Print everything that happened to one contact, as trees");
  journey->add_option("CONTACT", arguments.contact_id, "The contact's id, in full")->required();
  add_server_option(*journey, arguments);
  return journey;
}

int serve_with_defaults(ServeOptions options) {
  if (options.data_folder.empty()) {
    segue::Result<std::filesystem::path> folder = default_data_folder();
    if (!folder) return fail(folder.error());
    options.data_folder = std::move(*folder);
  }
  return serve(options);
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Segue shows the journey of a customer through your bots, as one trace.", "segue");
  app.footer(examples);
  app.set_version_flag("--version", "segue " SEGUE_VERSION);
  app.require_subcommand(1);
  const CLI::App* serve = add_serve(app, arguments);
  const CLI::App* trace = add_trace(app, arguments);
  add_journey(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_success : exit_usage;
  }
  if (serve->parsed()) return serve_with_defaults(arguments.serve);
  if (trace->parsed()) return show_trace(arguments.server_url, arguments.trace_id);
  return show_journey(arguments.server_url, arguments.contact_id);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return fail({segue::Errc::Internal, error.what()});
  }
}
