// `signet status`: do the members answer, and what have the processes of this machine done.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "common/log.h"
#include "common/printable.h"
#include "dsa-transport/metrics_folder.h"
#include "signet-cli/command.h"
#include "signet-cli/config_load.h"
#include "signet-cli/member_client.h"
#include "signet-cli/output.h"

namespace signet::cli {

namespace {

using transport::FoundProcess;
using transport::kLatencyBounds;
using transport::Latencies;
using transport::ProcessState;
using transport::Totals;

struct StatusOptions {
  std::string config;
  bool json = false;
  bool prometheus = false;
};

// One member's answer to a question that needs no credential.
struct MemberHealth {
  std::string token;
  std::string url;
  std::optional<std::string> wrong;  // a sentence; nothing: it answers
  std::string model;
  Milliseconds took{0};
};

struct Status {
  std::filesystem::path metrics_dir;  // empty: processes leave no figures
  transport::FoundMetrics metrics;
  std::vector<MemberHealth> members;

  bool healthy() const;  // every member answers
};

std::string_view name_of(ProcessState state) {
  switch (state) {
    case ProcessState::active:
      return "running";
    case ProcessState::finalized:
      return "finalized";
    case ProcessState::ended:
      break;
  }
  return "ended";
}

std::uint64_t count_of(const Latencies& latencies) {
  return std::accumulate(latencies.cells.begin(), latencies.cells.end(), std::uint64_t{0});
}

// The bound below which this share of the attempts stayed: "≤ 25 ms".
std::string quantile_text(const Latencies& latencies, double share) {
  const auto wanted = share * static_cast<double>(count_of(latencies));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kLatencyBounds.size(); ++i) {
    below += latencies.cells.at(i);
    if (static_cast<double>(below) >= wanted) return fmt::format("≤ {} ms", kLatencyBounds.at(i));
  }
  return fmt::format("> {} ms", kLatencyBounds.back());
}

void print_member(const transport::MemberFigures& member, std::ostream& out) {
  const Totals& totals = member.totals;
  out << fmt::format("    {}\n", printable(member.url));
  out << fmt::format("      requests {}, failed {}, retries {}, failovers {}\n", totals.requests,
                     totals.request_failures, totals.retries, totals.failovers);
  out << fmt::format("      handshakes {}, stale connections {}, pin failures {}\n",
                     totals.handshakes, totals.stale_connections, totals.pin_failures);
  if (totals.uncertain != 0) {
    out << fmt::format("      requests of unknown outcome {}\n", totals.uncertain);
  }
  out << fmt::format("      bytes sent {}, received {}\n", totals.bytes_sent,
                     totals.bytes_received);
  if (count_of(totals.latencies) == 0) return;
  out << fmt::format("      half of the requests took {}, 99 % {}\n",
                     quantile_text(totals.latencies, 0.5), quantile_text(totals.latencies, 0.99));
}

void print_process(const FoundProcess& process, std::ostream& out) {
  const auto& figures = process.figures;
  out << fmt::format("process {} ({}, user {}): {}; figures of {}\n", figures.pid,
                     printable(figures.program), process.owner, name_of(process.state),
                     utc_text(figures.written));
  for (const auto& token : figures.tokens) {
    out << fmt::format("  token \"{}\": calls {}, failed {}\n", printable(token.label),
                       token.figures.calls, token.figures.failures);
    for (const auto& member : token.figures.members) print_member(member, out);
  }
}

Json json_of(const Latencies& latencies) {
  boost::json::array cells;
  for (std::size_t i = 0; i < latencies.cells.size(); ++i) {
    const bool last = i == kLatencyBounds.size();
    cells.push_back(Json{{"upToMilliseconds", last ? boost::json::value() : kLatencyBounds.at(i)},
                         {"count", latencies.cells.at(i)}});
  }
  return {{"sumMilliseconds", latencies.milliseconds}, {"cells", std::move(cells)}};
}

Json json_of(const transport::MemberFigures& member) {
  const Totals& totals = member.totals;
  return {{"url", member.url},
          {"requests", totals.requests},
          {"requestFailures", totals.request_failures},
          {"handshakes", totals.handshakes},
          {"retries", totals.retries},
          {"failovers", totals.failovers},
          {"staleConnections", totals.stale_connections},
          {"pinFailures", totals.pin_failures},
          {"uncertainRequests", totals.uncertain},
          {"bytesSent", totals.bytes_sent},
          {"bytesReceived", totals.bytes_received},
          {"latencies", json_of(totals.latencies)}};
}

Json json_of(const FoundProcess& process) {
  const auto& figures = process.figures;
  Json json = {{"pid", figures.pid},           {"program", figures.program},
               {"user", process.owner},        {"state", name_of(process.state)},
               {"version", figures.version},   {"written", utc_text(figures.written)},
               {"file", process.file.string()}};
  boost::json::array tokens;
  for (const auto& token : figures.tokens) {
    boost::json::array members;
    for (const auto& member : token.figures.members) members.push_back(json_of(member));
    tokens.push_back(Json{{"label", token.label},
                          {"calls", token.figures.calls},
                          {"failures", token.figures.failures},
                          {"members", std::move(members)}});
  }
  json["tokens"] = std::move(tokens);
  return json;
}

Json json_of(const MemberHealth& member) {
  Json json = {{"token", member.token}, {"url", member.url}, {"answers", !member.wrong}};
  if (member.wrong) {
    json["sentence"] = *member.wrong;
  } else {
    json["model"] = member.model;
    json["milliseconds"] = member.took.count();
  }
  return json;
}

bool Status::healthy() const {
  return std::ranges::none_of(members,
                              [](const MemberHealth& member) { return member.wrong.has_value(); });
}

void print_text(const Status& status, std::ostream& out) {
  for (const MemberHealth& member : status.members) {
    out << fmt::format("{} token \"{}\", {}: {}\n", member.wrong ? "✗" : "✓",
                       printable(member.token), printable(member.url),
                       member.wrong ? printable(*member.wrong)
                                    : fmt::format("{} answers in {} ms", printable(member.model),
                                                  member.took.count()));
  }
  if (status.metrics_dir.empty()) {
    out << "processes leave no figures: the configuration has no [metrics]\n";
    return;
  }
  const std::string folder = printable(status.metrics_dir.string());
  if (status.metrics.processes.empty()) out << "no process has left figures in " << folder << '\n';
  for (const FoundProcess& process : status.metrics.processes) print_process(process, out);
  for (const std::string& problem : status.metrics.problems) {
    out << "note: " << printable(problem) << '\n';
  }
}

void print_status_json(const Status& status, std::ostream& out) {
  boost::json::array members;
  for (const MemberHealth& member : status.members) members.push_back(json_of(member));
  boost::json::array processes;
  for (const FoundProcess& process : status.metrics.processes)
    processes.push_back(json_of(process));
  Json json = {
      {"healthy", status.healthy()}, {"members", std::move(members)}, {"metricsDir", nullptr}};
  if (!status.metrics_dir.empty()) json["metricsDir"] = status.metrics_dir.string();
  json["processes"] = std::move(processes);
  json["notes"] = boost::json::value_from(status.metrics.problems);
  print_json(json, out);
}

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
    print_status_json(status, context.out);
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
