#include "signet-cli/verify/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>

#include "common/bounded_file.h"
#include "common/clock.h"
#include "config/config_reader.h"
#include "config/credential_source.h"
#include "crypto/base64.h"
#include "crypto/suite.h"
#include "keygen/certificate.h"
#include "signet-cli/suite_choice.h"

namespace signet::cli {

namespace {

using validation::CertificatePtr;
using validation::RevocationData;
using validation::RevocationDataPtr;
using validation::TrustAnchor;

constexpr std::string_view kUntil = ",until=";
constexpr std::size_t kLargestList = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kMostFiles = 4'096;  // of a folder

VerifyResult<std::vector<std::string>> files_of(const std::string& name) {
  std::error_code error;
  if (!std::filesystem::is_directory(name, error)) return std::vector{name};
  std::vector<std::string> files;
  constexpr std::array kEndings = {".pem", ".crt", ".cer", ".der"};
  std::filesystem::directory_iterator at(name, error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (std::ranges::find(kEndings, at->path().extension()) == kEndings.end()) continue;
    if (files.size() == kMostFiles)
      return wrong_options(fmt::format("\"{}\" holds more than {} certificates", name, kMostFiles));
    files.push_back(at->path().string());
  }
  if (error) return wrong_options(fmt::format("cannot read \"{}\": {}", name, error.message()));
  if (files.empty())
    return wrong_options(
        fmt::format("\"{}\" holds no certificate (*.pem, *.crt, *.cer, *.der)", name));
  std::ranges::sort(files);
  return files;
}

VerifyResult<std::vector<CertificatePtr>> trusted_certificates(const std::string& name) {
  std::vector<CertificatePtr> certificates;
  BOOST_OUTCOME_TRY(const auto files, files_of(name));
  for (const std::string& file : files) {
    const auto read = keygen::read_certificates(file);
    if (!read) return wrong_options(read.error().sentence);
    for (const keygen::Certificate& each : read.value()) {
      auto parsed = validation::Certificate::parse(each.der());
      if (!parsed) return wrong_options(fmt::format("\"{}\": {}", file, parsed.error()));
      certificates.push_back(std::move(parsed).value());
    }
  }
  return certificates;
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
  BOOST_OUTCOME_TRY(const auto certificates, trusted_certificates(name));
  std::vector<TrustAnchor> anchors;
  for (const CertificatePtr& each : certificates) anchors.push_back({each, until});
  return anchors;
}

// DER, or the first PEM block.
VerifyResult<Bytes> der_of(const std::string& file) {
  auto content = read_file(file, kLargestList);
  if (!content) return wrong_options(content.error().sentence);
  const std::string_view text = text_of(content.value());
  constexpr std::string_view kBegin = "-----BEGIN ";
  const auto begin = text.find(kBegin);
  if (begin == std::string_view::npos) return std::move(content).value();
  const auto line_end = text.find('\n', begin);
  const auto end = text.find("-----END ", begin);
  if (line_end != std::string_view::npos && end != std::string_view::npos && line_end < end) {
    std::string body(text.substr(line_end, end - line_end));
    std::erase_if(body, [](char each) { return each == '\n' || each == '\r' || each == ' '; });
    if (auto der = crypto::from_base64(body)) return std::move(*der);
  }
  return wrong_options(fmt::format("\"{}\": the PEM text cannot be read", file));
}

VerifyResult<void> add_revocations(const std::vector<std::string>& files,
                                   Result<RevocationDataPtr, std::string> (*parse)(Bytes),
                                   std::vector<RevocationDataPtr>& all) {
  for (const std::string& file : files) {
    BOOST_OUTCOME_TRY(auto der, der_of(file));
    auto parsed = parse(std::move(der));
    if (!parsed) return wrong_options(fmt::format("\"{}\": {}", file, parsed.error()));
    all.push_back(std::move(parsed).value());
  }
  return success();
}

// Verifying goes by the suite of the seals that are out there; what only the other shipped one lists makes a warning.
VerifyResult<void> choose_suites(const VerifyOptions& options, validation::Policy& policy) {
  const std::string name =
      options.suite.empty() ? std::string(crypto::kShippedSuites[0]) : options.suite;
  auto suite = chosen_suite(name);
  if (!suite) return wrong_options(suite.error());
  policy.suite = std::move(suite).value();
  const auto shipped = std::ranges::find(crypto::kShippedSuites, name);
  if (shipped != crypto::kShippedSuites.begin()) return success();
  auto other = crypto::Suite::shipped(crypto::kShippedSuites[1]);
  if (!other) return wrong_options(other.error());
  policy.other = std::make_shared<const crypto::Suite>(std::move(other).value());
  return success();
}

// OID=FILE: the document of a signature policy that the caller accepts.
VerifyResult<void> load_policies(const VerifyOptions& options, validation::Policy& policy) {
  for (const std::string& each : options.signature_policies) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0)
      return wrong_options(fmt::format("--signature-policy: \"{}\" is not OID=FILE", each));
    auto document = read_file(each.substr(equals + 1), kLargestList);
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
    BOOST_OUTCOME_TRY(const auto certificates, trusted_certificates(file));
    journal.insert(journal.end(), certificates.begin(), certificates.end());
  }
  auto lists = validation::TrustedLists::load(options.trusted_lists, journal, judging.policy.now);
  if (!lists) return wrong_options(lists.error());
  judging.lists = std::move(lists).value();
  for (const CertificatePtr& each : judging.lists->anchors())
    judging.policy.anchors.push_back({each, {}});
  for (const auto& list : judging.lists->lists())
    if (!list.conclusion.passed() && !list.conclusion.reasons.empty())
      judging.notes.push_back(
          fmt::format("the trusted list {} is not used: {}", list.file,
                      text_of(list.conclusion.reasons.front(), validation::Language::english)));
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
  BOOST_OUTCOME_TRY(choose_suites(options, judging.policy));
  BOOST_OUTCOME_TRY(load_policies(options, judging.policy));
  for (const auto* const list : {&options.trust, &options.more_trust})
    for (const std::string& each : *list) {
      BOOST_OUTCOME_TRY(const auto anchors, anchors_in(each));
      judging.policy.anchors.insert(judging.policy.anchors.end(), anchors.begin(), anchors.end());
    }
  for (const std::string& each : options.certificates) {
    BOOST_OUTCOME_TRY(const auto certificates, trusted_certificates(each));
    judging.certificates.insert(judging.certificates.end(), certificates.begin(),
                                certificates.end());
  }
  BOOST_OUTCOME_TRY(add_revocations(options.crls, &RevocationData::parse_crl, judging.revocations));
  BOOST_OUTCOME_TRY(
      add_revocations(options.ocsp, &RevocationData::parse_ocsp, judging.revocations));
  BOOST_OUTCOME_TRY(load_lists(options, judging));
  judging.policy.sliding =
      options.sliding == "letter" ? validation::Sliding::letter : validation::Sliding::next_update;
  judging.policy.accept_without_revocation = options.without_revocation;
  if (options.online) {
    judging.online.emplace();
    judging.online->hosts = options.online_hosts;
    judging.online->cache = options.cache;
  }
  if (judging.policy.anchors.empty())
    judging.notes.emplace_back(
        "no certificate is trusted, so that nothing can be valid: --trust, or --trusted-lists");
  return judging;
}

}  // namespace signet::cli
