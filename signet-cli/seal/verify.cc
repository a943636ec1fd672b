#include "signet-cli/seal/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/clock.h"
#include "crypto/algorithm_table.h"
#include "keygen/certificate.h"
#include "sealing/check.h"
#include "signet-cli/output.h"
#include "signet-cli/seal/tool.h"
#include "signet-cli/stop_signal.h"

namespace signet::cli {

namespace {

using sealing::CheckedSeal;
using sealing::CheckedSignature;
using sealing::CheckedTimeStamp;
using sealing::Error;
using sealing::Failure;
using sealing::SealResult;

using Anchors = std::shared_ptr<const timestamps::TrustAnchors>;

SealResult<Anchors> anchors_of(const std::vector<std::string>& files,
                               const std::shared_ptr<crypto::Context>& context) {
  if (files.empty()) return Anchors();
  std::vector<Bytes> certificates;
  for (const std::string& file : files) {
    BOOST_OUTCOME_TRY(const auto read, keygen::read_certificates(file));
    for (const keygen::Certificate& each : read) certificates.push_back(each.der());
  }
  auto anchors = timestamps::TrustAnchors::from_der(context, certificates);
  if (!anchors) return Error(Failure::settings, anchors.error());
  return std::move(anchors).value();
}

std::string subject_of(ByteView certificate) {
  const auto parsed = keygen::Certificate::from_der(certificate);
  return parsed ? parsed.value().subject() : "unknown";
}

std::string_view scheme_name(crypto::Scheme scheme) {
  switch (scheme) {
    case crypto::Scheme::rsa_pkcs1:
      return "RSA-PKCS1";
    case crypto::Scheme::rsa_pss:
      return "RSA-PSS";
    case crypto::Scheme::ecdsa:
      return "ECDSA";
    case crypto::Scheme::eddsa:
      return "Ed25519";
    case crypto::Scheme::rsa_raw:
      break;
  }
  return "unknown";
}

std::string algorithm_text(const cms::Algorithm& algorithm) {
  return fmt::format("{} with {}", scheme_name(algorithm.scheme),
                     crypto::hash_name(algorithm.hash));
}

std::vector<std::string> problems_of(const CheckedSignature& signature) {
  std::vector<std::string> problems = signature.verdict.problems;
  for (const CheckedTimeStamp& stamp : signature.time_stamps)
    if (!stamp.problem.empty()) problems.push_back("the time-stamp: " + stamp.problem);
  if (!signature.chain_problem.empty()) problems.push_back("the chain: " + signature.chain_problem);
  return problems;
}

Json json_of(const CheckedTimeStamp& stamp) {
  Json json = {{"good", stamp.problem.empty()}, {"trusted", stamp.trusted}};
  if (!stamp.signer.empty()) {
    json["time"] = utc_text(stamp.time);
    json["policy"] = stamp.policy;
    json["signer"] = subject_of(stamp.signer);
  }
  return json;
}

Json json_of(const CheckedSignature& signature) {
  const cms::Verdict& verdict = signature.verdict;
  Json json = {{"good", signature.good()},
               {"algorithm", algorithm_text(verdict.algorithm)},
               {"trusted", signature.trusted}};
  if (const auto certificate = keygen::Certificate::from_der(verdict.certificate))
    json["certificate"] = Json{{"subject", certificate.value().subject()},
                               {"issuer", certificate.value().issuer()},
                               {"serial", certificate.value().serial()},
                               {"sha256", certificate.value().fingerprint()}};
  if (verdict.signing_time) json["signingTime"] = utc_text(*verdict.signing_time);
  boost::json::array stamps;
  for (const CheckedTimeStamp& stamp : signature.time_stamps) stamps.push_back(json_of(stamp));
  json["timeStamps"] = std::move(stamps);
  boost::json::array problems;
  for (const std::string& problem : problems_of(signature)) problems.emplace_back(problem);
  json["problems"] = std::move(problems);
  return json;
}

void print(const CheckedSignature& signature, Context& context) {
  const cms::Verdict& verdict = signature.verdict;
  context.out << fmt::format("{}: {}, {}\n", signature.good() ? "good" : "BAD",
                             printable(subject_of(verdict.certificate)),
                             algorithm_text(verdict.algorithm));
  if (verdict.signing_time)
    context.out << fmt::format("  signing time {} (the signer's word)\n",
                               utc_text(*verdict.signing_time));
  for (const CheckedTimeStamp& stamp : signature.time_stamps)
    if (stamp.problem.empty())
      context.out << fmt::format("  time-stamp {} by {}{}\n", utc_text(stamp.time),
                                 printable(subject_of(stamp.signer)),
                                 stamp.trusted ? "" : " (its chain was not checked: --tsa-roots)");
  for (const std::string& problem : problems_of(signature))
    context.out << "  " << printable(problem) << '\n';
  if (verdict.good() && !signature.trusted && signature.chain_problem.empty())
    context.out << "  the certificate's chain was not checked: --roots\n";
}

SealResult<CheckedSeal> check(const VerifySealOptions& options) {
  auto context = crypto::Context::create();
  if (!context) return Error(Failure::settings, "OpenSSL's default provider cannot be used");
  sealing::Trust trust;
  BOOST_OUTCOME_TRY(trust.signers, anchors_of(options.roots, context.value()));
  BOOST_OUTCOME_TRY(trust.time_stamps, anchors_of(options.tsa_roots, context.value()));
  BOOST_OUTCOME_TRY(const auto message, sealing::Input::file(options.seal));
  if (options.document.empty() && begins_as_pdf(message))
    return Error(Failure::settings,
                 "seals inside PDF documents are not verified here yet: pdfsig, or any other "
                 "validator of PAdES, verifies them");
  std::optional<sealing::Input> document;
  if (!options.document.empty()) {
    BOOST_OUTCOME_TRY(auto opened, sealing::Input::file(options.document));
    document.emplace(std::move(opened));
  }
  const StopSignal stop;
  sealing::Control control;
  control.cancelled = &stop.wanted();
  BOOST_OUTCOME_TRY(auto seal, check_cades(context.value(), message,
                                           document ? &*document : nullptr, trust, control));
  // Nothing is handed out that is not what was sealed.
  if (options.extract.empty() || !seal.good()) return seal;
  BOOST_OUTCOME_TRY(
      auto out,
      sealing::Output::file(options.extract, options.force ? sealing::Output::Existing::replace
                                                           : sealing::Output::Existing::refuse));
  BOOST_OUTCOME_TRY(sealing::extract_document(message, out));
  return seal;
}

int status_of(const CheckedSeal& seal) {
  if (seal.good()) return exit_ok;
  const bool chains_alone_are_wrong =
      !seal.signatures.empty() &&
      std::ranges::all_of(seal.signatures, [](CheckedSignature signature) {
        signature.chain_problem.clear();
        return signature.good();
      });
  return static_cast<int>(chains_alone_are_wrong ? pkcs11::Reason::wrong_chain
                                                 : pkcs11::Reason::bad_signature);
}

}  // namespace

void add_verify_seal_options(CLI::App& command, VerifySealOptions& options) {
  command
      .add_option("--roots", options.roots,
                  "Certificates of authorities of which one must have certified the signer")
      ->type_name("FILE")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--tsa-roots", options.tsa_roots, "The same for the signers of time-stamps")
      ->type_name("FILE")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--extract", options.extract,
                  "Write the document that an internal seal holds, if the seal is good")
      ->type_name("FILE");
  command.add_flag("--force", options.force, "Replace that file");
}

void verify_seal(const VerifySealOptions& options, Context& context) {
  const auto seal = check(options);
  if (!seal) {
    const int status = exit_status_of(seal.error());
    if (options.json)
      print_json(Json{{"error", seal.error().sentence}, {"status", status}}, context.out);
    const bool lone = options.document.empty() && seal.error().failure == Failure::broken;
    context.fail(
        seal.error().sentence +
        (lone ? "; a seal beside its document is verified with it: signet verify DOCUMENT SEAL"
              : ""));
    context.exit_code = status;
    return;
  }
  if (!seal.value().good()) context.fail(fmt::format("\"{}\" is not a good seal", options.seal));
  context.exit_code = status_of(seal.value());
  if (options.json) {
    boost::json::array signatures;
    for (const CheckedSignature& each : seal.value().signatures)
      signatures.push_back(json_of(each));
    return print_json(Json{{"seal", options.seal},
                           {"form", seal.value().has_content ? "internal" : "external"},
                           {"size", seal.value().size},
                           {"good", seal.value().good()},
                           {"signatures", std::move(signatures)}},
                      context.out);
  }
  if (seal.value().signatures.empty()) context.out << "BAD: nobody signed this message\n";
  for (const CheckedSignature& each : seal.value().signatures) print(each, context);
}

}  // namespace signet::cli
