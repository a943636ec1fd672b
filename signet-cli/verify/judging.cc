#include "signet-cli/verify/judging.h"

#include <fmt/format.h>

#include <charconv>
#include <ctime>

#include "common/bounded_file.h"
#include "common/clock.h"
#include "config/config_reader.h"
#include "config/credential_source.h"
#include "validation/policy_input.h"

namespace signet::cli {

namespace {

using validation::CertificatePtr;
using validation::RevocationDataPtr;
using validation::RevocationKind;
using validation::TrustAnchor;

constexpr std::string_view kUntil = ",until=";

VerifyResult<std::vector<CertificatePtr>> named_certificates(const std::string& name) {
  auto found = validation::certificates_from(name);
  if (!found) return wrong_options(found.error());
  return std::move(found).value();
}

VerifyResult<std::vector<TrustAnchor>> anchors_in(const std::string& option) {
  std::string name = option;
  std::optional<validation::Time> until;
  if (const auto at = option.rfind(kUntil); at != std::string::npos) {
    const std::string moment = option.substr(at + kUntil.size());
    until = parse_moment(moment);
    if (!until) return wrong_options(fmt::format("--trust: \"{}\" is not a time", moment));
    name = option.substr(0, at);
  }
  BOOST_OUTCOME_TRY(const auto certificates, named_certificates(name));
  std::vector<TrustAnchor> anchors;
  for (const CertificatePtr& each : certificates) anchors.push_back({each, until});
  return anchors;
}

VerifyResult<void> add_revocations(const std::vector<std::string>& files, RevocationKind kind,
                                   std::vector<RevocationDataPtr>& all) {
  for (const std::string& file : files) {
    auto found = validation::revocation_from(kind, file);
    if (!found) return wrong_options(found.error());
    all.push_back(std::move(found).value());
  }
  return success();
}

// OID=FILE: the document of a signature policy that the caller accepts.
VerifyResult<void> load_policies(const VerifyOptions& options, validation::Policy& policy) {
  for (const std::string& each : options.signature_policies) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0)
      return wrong_options(fmt::format("--signature-policy: \"{}\" is not OID=FILE", each));
    auto document = read_file(each.substr(equals + 1), validation::kLargestEvidence);
    if (!document) return wrong_options(document.error().sentence);
    policy.signature_policies[each.substr(0, equals)] = std::move(document).value();
  }
  return success();
}

VerifyResult<void> set_times(const VerifyOptions& options, validation::Policy& policy) {
  policy.now = std::chrono::system_clock::now();
  policy.at = policy.now;
  if (!options.at.empty()) {
    const auto at = parse_moment(options.at);
    if (!at) return wrong_options(fmt::format("--at: \"{}\" is not a time", options.at));
    policy.at = *at;
  }
  if (!options.freshness.empty()) {
    policy.freshness = span_of(options.freshness);
    if (!policy.freshness)
      return wrong_options(fmt::format("--freshness: \"{}\" is not a span", options.freshness));
  }
  return success();
}

VerifyResult<void> load_lists(const VerifyOptions& options, Judging& judging) {
  if (options.trusted_lists.empty()) return success();
  std::vector<CertificatePtr> journal;
  for (const std::string& file : options.journal) {
    BOOST_OUTCOME_TRY(const auto certificates, named_certificates(file));
    journal.insert(journal.end(), certificates.begin(), certificates.end());
  }
  auto lists = validation::TrustedLists::load(options.trusted_lists, journal, judging.policy.now);
  if (!lists) return wrong_options(lists.error());
  judging.lists = std::move(lists).value();
  for (validation::TrustAnchor& each : judging.lists->anchors())
    judging.policy.anchors.push_back(std::move(each));
  for (std::string& note : validation::unused_lists(*judging.lists))
    judging.notes.push_back(std::move(note));
  return success();
}

}  // namespace

std::optional<std::chrono::seconds> span_of(const std::string& text) {
  int hours = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, hours);
  if (failure == std::errc() && hours >= 0 && std::string_view(end, last) == "h")
    return std::chrono::hours(hours);
  const auto span = config::parse_duration(text);
  if (!span) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(*span);
}

std::optional<validation::Time> parse_moment(std::string_view text) {
  const std::string whole(text);
  for (const char* const format : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"}) {
    std::tm fields{};
    const char* const end = strptime(whole.c_str(), format, &fields);
    if (end == nullptr || *end != '\0') continue;
    // strptime() takes the 31st of February; a moment that is not written back the same is none.
    const std::time_t seconds = timegm(&fields);
    const auto moment = wall_time(seconds);
    const std::string written = utc_text(moment);
    const std::string_view day = text.substr(0, std::string_view("2026-11-27").size());
    if (written.starts_with(day)) return moment;
  }
  return std::nullopt;
}

void Judging::add_evidence(validation::Evidence& evidence) const {
  for (const CertificatePtr& each : certificates) evidence.add(each, validation::Origin::file);
  for (const RevocationDataPtr& each : revocations) evidence.add(each, validation::Origin::file);
}

VerifyResult<Secret> password_of(const VerifyOptions& options) {
  if (options.pdf_password_file.empty()) return Secret();
  auto password =
      config::CredentialSource{config::CredentialSource::Kind::file, options.pdf_password_file}
          .read();
  if (!password) return wrong_options(fmt::format("--pdf-password-file: {}", password.error()));
  return std::move(password).value();
}

VerifyResult<Judging> judging_of(const VerifyOptions& options) {
  Judging judging;
  BOOST_OUTCOME_TRY(set_times(options, judging.policy));
  if (const auto chosen = validation::choose_suites(options.suite, judging.policy); !chosen)
    return wrong_options(chosen.error());
  BOOST_OUTCOME_TRY(load_policies(options, judging.policy));
  for (const auto* const list : {&options.trust, &options.more_trust})
    for (const std::string& each : *list) {
      BOOST_OUTCOME_TRY(const auto anchors, anchors_in(each));
      judging.policy.anchors.insert(judging.policy.anchors.end(), anchors.begin(), anchors.end());
    }
  for (const std::string& each : options.certificates) {
    BOOST_OUTCOME_TRY(const auto certificates, named_certificates(each));
    judging.certificates.insert(judging.certificates.end(), certificates.begin(),
                                certificates.end());
  }
  BOOST_OUTCOME_TRY(add_revocations(options.crls, RevocationKind::crl, judging.revocations));
  BOOST_OUTCOME_TRY(add_revocations(options.ocsp, RevocationKind::ocsp, judging.revocations));
  BOOST_OUTCOME_TRY(load_lists(options, judging));
  judging.policy.sliding =
      options.sliding == "letter" ? validation::Sliding::letter : validation::Sliding::next_update;
  judging.policy.accept_without_revocation = options.without_revocation;
  if (options.online) {
    judging.online.emplace();
    judging.online->hosts = options.online_hosts;
    if (options.online_limit > 0)
      judging.online->largest_answer = std::uint64_t{options.online_limit} * 1024 * 1024;
    judging.online->proxy = options.online_proxy;
    judging.online->cache = options.cache;
  }
  if (judging.policy.anchors.empty())
    judging.notes.emplace_back(
        "no certificate is trusted, so that nothing can be valid: --trust, or --trusted-lists");
  return judging;
}

}  // namespace signet::cli
