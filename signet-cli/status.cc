// `signet status`: do the members answer, and what have the processes of this machine done.
#include <memory>
#include <string>
#include <utility>

#include "common/log.h"
#include "signet-cli/command.h"
#include "signet-cli/config_load.h"
#include "signet-cli/member_client.h"
#include "signet-cli/status_text.h"

namespace signet::cli {

namespace {

struct StatusOptions {
  std::string config;
  bool json = false;
  bool prometheus = false;
};

MemberHealth ask(const config::TokenConfig& token, const config::MemberConfig& member) {
  const auto client = client_of(token, member, Repeats::never);
  const SteadyTime began = std::chrono::steady_clock::now();
  const auto info = client->info(Deadline::after(token.limits.connect + token.limits.sign_attempt));
  MemberHealth health{token.label, member.url, {}, {}, {}};
  health.took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
  if (info) {
    health.model = info.value().model;
  } else {
    health.wrong = info.error().sentence;
  }
  return health;
}

Status gather(const config::Config& config) {
  Status status;
  for (const auto& token : config.tokens) {
    for (const auto& member : token.members) status.members.push_back(ask(token, member));
  }
  status.metrics_dir = config.metrics.dir;
  if (!config.metrics.dir.empty()) status.metrics = transport::read_metrics(config.metrics.dir);
  return status;
}

// Ended processes are left out: their numbers no longer change.
void print_prometheus(const config::Config& config, Context& context) {
  if (config.metrics.dir.empty()) {
    return context.fail(config.file.string() + ": it has no [metrics], so there are no figures");
  }
  std::vector<transport::ProcessFigures> running;
  for (auto& process : transport::read_metrics(config.metrics.dir).processes) {
    if (process.state != transport::ProcessState::ended) {
      running.push_back(std::move(process.figures));
    }
  }
  context.out << transport::prometheus_text(running);
}

void show_status(const StatusOptions& options, Context& context) {
  const auto config = load_chosen_config(options.config);
  if (config.has_error()) return context.fail(config.error().sentence);
  if (options.prometheus) return print_prometheus(config.value(), context);
  // What goes wrong on the way to a member stands in its line.
  if (const std::string wrong = log::open({.level = log::Level::error, .to = "/dev/null"});
      !wrong.empty()) {
    return context.fail(wrong);
  }
  const Status status = gather(config.value());
  log::close();
  if (options.json) {
    print_json(status, context.out);
  } else {
    print_text(status, context.out);
  }
  if (!status.healthy()) context.exit_code = exit_failed;
}

}  // namespace

void add_status(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "status", "Ask each member whether it answers; show what processes have done");
  const auto options = std::make_shared<StatusOptions>();
  command->add_option("--config", options->config,
                      "Configuration; default: the one the module would read");
  auto* const json = command->add_flag("--json", options->json, "Write one JSON object");
  command
      ->add_flag("--prometheus", options->prometheus,
                 "Write the figures of all running processes in Prometheus's text format")
      ->excludes(json);
  command->callback([options, &context] { show_status(*options, context); });
}

}  // namespace signet::cli
