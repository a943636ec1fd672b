// The way to one member: name, TCP, TLS, pin, certificate, clock, and what it says of itself.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "config/url.h"
#include "signet-cli/date.h"
#include "signet-cli/doctor/checks.h"
#include "signet-cli/member_client.h"
#include "signet-cli/tls_probe.h"

namespace signet::cli::doctor {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::system_clock;

constexpr auto kClockTolerance = 30s;
// Where the services of a dialect are as a rule.
std::vector<std::string_view> usual_paths(config::Dialect dialect) {
  switch (dialect) {
    case config::Dialect::native:
      break;
    case config::Dialect::csc:
      return {"/csc/v2", "/csc/v1"};
    case config::Dialect::sapiws:
      return {"/SAPIWS"};
  }
  return {"/dsa/v1"};
}

// TCP and TLS get this much more than the module allows: slow is another fault than dead.
Milliseconds patience(const config::TokenConfig& token) {
  return 2 * token.limits.connect;
}

void report_probe_failure(const Place& place, const ProbeFailure& failure, Findings& findings) {
  if (failure.step == ProbeFailure::Step::name) {
    findings.wrong(place, "name", failure.sentence,
                   "correct the host name of the url in the configuration, or DNS or /etc/hosts");
    return findings.none_tried(place, {"tcp", "tls", "pin", "certificate", "clock", "appliance"},
                               "the name is not known");
  }
  findings.well(place, "name", fmt::format("{}", fmt::join(failure.addresses, ", ")));
  if (failure.step == ProbeFailure::Step::connection) {
    findings.wrong(
        place, "tcp", failure.sentence,
        "start the appliance, correct the port of the url, or open the firewall between");
    return findings.none_tried(place, {"tls", "pin", "certificate", "clock", "appliance"},
                               "nothing connects");
  }
  findings.well(place, "tcp", "connects");
  findings.wrong(
      place, "tls", failure.sentence,
      "correct the port of the url: this is not the appliance's HTTPS port, or another program "
      "answers there. It must speak TLS 1.2 or later");
  findings.none_tried(place, {"pin", "certificate", "clock", "appliance"}, "there is no TLS");
}

void check_tls(const Place& place, const ServerIdentity& server, bool has_client_certificate,
               Findings& findings) {
  findings.well(place, "name", server.address);
  findings.well(place, "tcp", "connects");
  if (server.complete) return findings.well(place, "tls", server.protocol);
  if (has_client_certificate) {
    return findings.well(place, "tls",
                         "the server demands a client certificate; one is configured");
  }
  findings.wrong(place, "tls",
                 "the handshake does not end; the server may demand a client certificate",
                 "configure client_certificate and client_key, or ask the appliance's operator");
}

bool check_pin(const Place& place, const ServerIdentity& server, const config::MemberConfig& member,
               Findings& findings) {
  if (!member.pins.matches(server.pin)) {
    findings.wrong(place, "pin",
                   fmt::format("the server's key has the pin {}, configured is {}",
                               server.pin.text(), member.pins.text()),
                   "ask the appliance's administrator for its pin by another channel; only where "
                   "it is the one seen here, put it into the configuration");
    return false;
  }
  const bool backup = member.pins.all().size() > 1;
  findings.well(
      place, "pin", server.pin.text(),
      backup ? "" : "there is no backup pin: with the next key the member is not trusted");
  return true;
}

void check_validity(const Place& place, const ServerIdentity& server, Findings& findings) {
  const auto now = Clock::now();
  if (!server.not_before || !server.not_after) {
    return findings.wrong(place, "certificate", "the server's certificate has no readable dates",
                          "have the appliance's TLS certificate renewed");
  }
  const std::string span =
      fmt::format("valid from {} to {}", date_of(*server.not_before), date_of(*server.not_after));
  if (now < *server.not_before || now > *server.not_after) {
    return findings.wrong(place, "certificate",
                          fmt::format("the server's certificate is not valid now: {}", span),
                          "look at the clock of this machine; if it is right, have the appliance's "
                          "TLS certificate renewed (with the same key the pin stays)");
  }
  findings.well(place, "certificate", span,
                *server.not_after - now < kSoon
                    ? "it expires soon: have it renewed, with the same key or with a backup pin"
                    : "");
}

void check_clock(const Place& place, const transport::ApplianceInfo& info, Clock::time_point asked,
                 Clock::time_point answered, Findings& findings) {
  if (!info.clock)
    return findings.not_needed(place, "clock", "the appliance does not tell its time");
  // It answered at some moment between the two; its time may be cut to whole seconds.
  const auto ahead = *info.clock - answered;
  const auto behind = asked - (*info.clock + 1s);
  const auto off = std::max({ahead, behind, Clock::duration::zero()});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(off).count();
  if (off <= kClockTolerance) {
    return findings.well(place, "clock", fmt::format("the clocks differ by {} s", seconds));
  }
  findings.wrong(
      place, "clock",
      fmt::format("the appliance's clock is {} s {} this machine's", seconds,
                  ahead > behind ? "ahead of" : "behind"),
      "set the wrong one of the two (NTP): certificates and one-time passwords depend on "
      "the time");
}

std::string member_advice(transport::Failure failure, config::Dialect dialect) {
  switch (failure) {
    case transport::Failure::untrusted:
      return "look at ca_file, client_certificate and client_key of the configuration";
    case transport::Failure::unreachable:
    case transport::Failure::timed_out:
    case transport::Failure::no_resources:
      return "it accepts connections but does not answer in time: look at the appliance and the "
             "way to it";
    case transport::Failure::bad_answer:
    case transport::Failure::no_such_object:
    case transport::Failure::not_supported:
    case transport::Failure::bad_parameter:
      return fmt::format(
          "correct the path of the url, which ends in \"{}\" as a rule, and \"dialect\"; or is "
          "this no "
          "signature appliance?",
          fmt::join(usual_paths(dialect), "\" or \""));
    case transport::Failure::access_refused:
    case transport::Failure::not_permitted:
    case transport::Failure::wrong_password:
      return dialect == config::Dialect::csc
                 ? "correct what [token.csc] says of the access to the service: \"access\", "
                   "\"client_id\" and \"secret\""
                 : "correct the path of the url; or is this no signature appliance?";
    case transport::Failure::busy:
      return "it has too much to do; try again, and ask its operator if it lasts";
    default:
      break;
  }
  return "ask the appliance's operator, who finds the request id in its log";
}

// Another path at the same host and port, where an appliance answers.
std::string right_url(const config::TokenConfig& token, const config::MemberConfig& member) {
  config::Url url = config::parse_url(member.url).value();
  const std::string given = url.path;
  for (const std::string_view path : usual_paths(token.dialect)) {
    if (path == given) continue;
    url.path = path;
    config::MemberConfig other = member;
    other.url = url.text();
    const auto info =
        client_of(token, other, Repeats::never)->info(Deadline::after(token.limits.connect));
    if (info) return other.url;
  }
  return {};
}

std::string appliance_advice(const config::TokenConfig& token, const config::MemberConfig& member,
                             transport::Failure failure) {
  // A secret that was refused is not tried at other addresses.
  const std::string url =
      failure == transport::Failure::access_refused ? "" : right_url(token, member);
  if (url.empty()) return member_advice(failure, token.dialect);
  return fmt::format("the path is wrong; an appliance answers at url = \"{}\"", url);
}

std::optional<transport::ApplianceInfo> check_appliance(const Place& place,
                                                        const config::TokenConfig& token,
                                                        const config::MemberConfig& member,
                                                        bool& access_refused, Findings& findings) {
  if (access_refused) {
    findings.none_tried(place, {"clock", "appliance"},
                        "the service's refusal at another member holds here, too; the secret of "
                        "[token.csc] is sent once");
    return std::nullopt;
  }
  const auto client = client_of(token, member, Repeats::allowed);
  const auto asked = Clock::now();
  const auto info = client->info(Deadline::after(token.limits.call));
  const auto answered = Clock::now();
  if (!info) {
    access_refused = info.error().failure == transport::Failure::access_refused;
    findings.not_tried(place, "clock", "the appliance does not answer");
    findings.wrong(place, "appliance", info.error().sentence,
                   appliance_advice(token, member, info.error().failure));
    return std::nullopt;
  }
  check_clock(place, info.value(), asked, answered, findings);
  findings.well(place, "appliance",
                fmt::format("{} {}, serial number {}{}{}", info.value().manufacturer,
                            info.value().model, info.value().serial_number,
                            info.value().stores_objects
                                ? ""
                                : "; it makes no keys and stores no certificates for its clients",
                            info.value().time_stamps ? "; it gives time-stamps (csc:)" : ""));
  return info.value();
}

}  // namespace

std::optional<transport::ApplianceInfo> check_member(const config::TokenConfig& token,
                                                     const config::MemberConfig& member,
                                                     bool& access_refused, Findings& findings) {
  const Place place{token.label, member.url};
  const auto server = probe(config::parse_url(member.url).value(), patience(token));
  if (!server) {
    report_probe_failure(place, server.error(), findings);
    return std::nullopt;
  }
  check_tls(place, server.value(), token.client_certificate.has_value(), findings);
  const bool trusted = check_pin(place, server.value(), member, findings);
  check_validity(place, server.value(), findings);
  if (trusted) return check_appliance(place, token, member, access_refused, findings);
  findings.none_tried(place, {"clock", "appliance"}, "nothing is sent to a server without a pin");
  return std::nullopt;
}

}  // namespace signet::cli::doctor
