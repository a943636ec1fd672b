#include "tests/lab/laboratory.h"

#include <fmt/format.h>

#include "tests/support/files.h"

namespace signet::tests {
namespace {

std::string limits_text(const LabLimits& limits) {
  return fmt::format(
      "\n  [token.limits]\n  call = \"{}ms\"\n  key_generation = \"{}ms\"\n  connect = \"{}ms\"\n"
      "  sign_attempt = \"{}ms\"\n  generate_attempt = \"{}ms\"\n  idle = \"{}ms\"\n"
      "  refresh = \"{}ms\"\n  connections = {}\n",
      limits.call.count(), limits.key_generation.count(), limits.connect.count(),
      limits.sign_attempt.count(), limits.generate_attempt.count(), limits.idle.count(),
      limits.refresh.count(), limits.connections);
}

}  // namespace

Member Laboratory::through(const Proxy& proxy, Member member) {
  member.url = fmt::format("https://127.0.0.1:{}/dsa/v1", proxy.port());
  return member;
}

Laboratory::Laboratory(Route route, const LabLimits& limits,
                       const std::vector<std::string>& more_labels, const std::string& log_level)
    : route_(route), limits_(limits), more_labels_(more_labels), log_level_(log_level) {
  write_file(dir_ / "pin", pin_);
  write_file(dir_ / "client.log", "");
  init_emulator(state_, dir_ / "pin", {"--alternate", "127.0.0.1:0", "--key", "ec:P-256:signer"});
  const auto both = members_of(state_ / "client.toml");
  primary_.emplace(state_, "primary", both.at(0), dir_ / "primary.log");
  alternate_.emplace(state_, "alternate", both.at(1), dir_ / "alternate.log");
  primary_->start();
  alternate_->start();
  primary_proxy_.emplace(primary_->port());
  alternate_proxy_.emplace(alternate_->port());
  write_config(members());
  use_config(config_file());
}

std::vector<Member> Laboratory::members() const {
  if (route_ == Route::direct) return {primary_->member(), alternate_->member()};
  return {through(*primary_proxy_, primary_->member()),
          through(*alternate_proxy_, alternate_->member())};
}

void Laboratory::write_config(const std::vector<Member>& members) const {
  std::string text = fmt::format("cache_dir = \"{}\"\n\n[log]\nlevel = \"{}\"\nto = \"{}\"\n",
                                 dir_.path().string(), log_level_, (dir_ / "client.log").string());
  std::vector<std::string> labels = {"seal"};
  labels.insert(labels.end(), more_labels_.begin(), more_labels_.end());
  for (const auto& label : labels) {
    text += fmt::format("\n[[token]]\nlabel = \"{}\"\nuser = \"seal\"\n", label);
    text += limits_text(limits_) + members_text(members);
  }
  // In one step, for a process may be reading it.
  write_file(dir_ / "client.toml.new", text);
  std::filesystem::rename(dir_ / "client.toml.new", config_file());
}

void Laboratory::show_certificate(EmulatorMember& member, const std::string& role,
                                  const std::string& name) {
  member.stop();
  for (const char* kind : {".key", ".crt"}) {
    std::filesystem::copy_file(tls_file(role, name + kind),
                               tls_file(role, std::string("live") + kind),
                               std::filesystem::copy_options::overwrite_existing);
  }
  member.start();
}

Counters Laboratory::counters() const {
  const Counters one = primary_->counters();
  const Counters other = alternate_->counters();
  return {one.requests + other.requests, one.request_bytes + other.request_bytes,
          one.handshakes + other.handshakes};
}

}  // namespace signet::tests
