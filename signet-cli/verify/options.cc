#include "signet-cli/verify/options.h"

#include <CLI/Validators.hpp>
#include <utility>

#include "config/preserve_config.h"
#include "config/url.h"
#include "signet-cli/suite_choice.h"

namespace signet::cli {

namespace {

CLI::Option* add_list(CLI::App& command, const std::string& name, std::vector<std::string>& list,
                      const std::string& type, const std::string& description) {
  return command.add_option(name, list, description)
      ->type_name(type)
      ->take_all()
      ->allow_extra_args(false);
}

}  // namespace

void add_evidence_options(CLI::App& command, VerifyOptions& options) {
  command.add_option("--data", options.data, "The document that an external seal is over")
      ->type_name("FILE");
  add_list(command, "--trust", options.trust, "FILE|DIR[,until=TIME]",
           "Certificates that chains may end at");
  add_list(command, "--roots,--tsa-roots", options.more_trust, "FILE", "The same as --trust");
  add_list(command, "--certificates", options.certificates, "FILE|DIR",
           "Certificates for chains, not trusted by themselves");
  add_list(command, "--crl", options.crls, "FILE", "A list of revoked certificates");
  add_list(command, "--ocsp", options.ocsp, "FILE", "An OCSP response");
  command.add_flag("--online", options.online,
                   "Fetch certificates, CRLs and OCSP responses that are missing");
  add_list(command, "--online-host", options.online_hosts, "HOST",
           "With --online: ask this host, and only hosts that are named");
  command
      .add_option("--online-limit", options.online_limit,
                  "With --online: MiB of the largest CRL that is taken; default: 64")
      ->type_name("MIB")
      ->check(CLI::Range(1U, config::kMostOnlineLimit));
  command
      .add_option("--online-proxy", options.online_proxy,
                  "With --online: the HTTP proxy that everything is fetched through, as "
                  "http://proxy.example:3128; default: none, whatever the environment says")
      ->type_name("URL")
      ->check([](const std::string& text) {
        const auto checked = config::check_proxy(text);
        return checked ? "" : "the URL " + checked.error();
      });
  command.add_option("--cache", options.cache, "With --online: folder that keeps what was fetched")
      ->type_name("DIR");
}

void add_rule_options(CLI::App& command, VerifyOptions& options) {
  command
      .add_option("--freshness", options.freshness,
                  "How old revocation data of the signer may be, such as 24h")
      ->type_name("SPAN");
  command
      .add_option("--sliding", options.sliding,
                  "What revocation data that is not fresh proves: until its next-update (default), "
                  "or the standard's letter")
      ->check(CLI::IsMember({"next-update", "letter"}));
  // What was sealed by the former suite is not called bad (policy_input.h).
  add_suite_option(command, options.suite, crypto::kShippedSuites[0]);
  add_list(command, "--signature-policy", options.signature_policies, "OID=FILE",
           "The document of a signature policy that you accept");
  command
      .add_option("--trusted-lists", options.trusted_lists,
                  "Folder with trusted lists: says what is qualified, and trusts their services")
      ->type_name("DIR");
  add_list(command, "--journal", options.journal, "FILE",
           "Certificates that may sign the list of trusted lists");
  command.add_flag("--without-revocation", options.without_revocation,
                   "Accept chains for which there is no revocation data, with a warning");
}

void add_password_option(CLI::App& command, VerifyOptions& options) {
  command
      .add_option("--pdf-password-file", options.pdf_password_file,
                  "File with the password of an encrypted PDF, readable by its owner only")
      ->type_name("FILE");
}

namespace {

void add_report_options(CLI::App& command, VerifyOptions& options) {
  auto* const html = command.add_flag("--html", options.html, "Write one HTML page");
  command
      .add_flag("--xml", options.xml, "Write a validation report in the form of ETSI TS 119 102-2")
      ->excludes(html);
  command.add_option("-o,--out", options.out, "File for the report, or for what --extract writes")
      ->type_name("FILE");
  command.add_flag("--force", options.force, "Replace that file");
  command.add_option("--language", options.language, "Of the report: en (default) or cs")
      ->check(CLI::IsMember({"en", "cs"}));
  command.add_flag("--other-readers", options.other_readers,
                   "Say what Acrobat Reader and pdfsig show for the document, and what to set");
  command
      .add_option("--picture", options.picture,
                  "With --html: a PNG of the document's first page, for the report")
      ->type_name("FILE");
  command
      .add_option("--revision", options.revision,
                  "PDF: judge this revision by itself, counted from 1")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--extract", options.extract,
                  "PDF: write revision N to --out. CMS: write the document that the seal holds to "
                  "this file, if the seal is valid")
      ->type_name("N|FILE");
}

}  // namespace

void add_verify_options(CLI::App& command, VerifyOptions& options) {
  add_evidence_options(command, options);
  command
      .add_option("--at", options.at,
                  "Validate at this moment, in UTC: 2026-11-27 or 2026-11-27T12:00:00Z")
      ->type_name("TIME");
  add_rule_options(command, options);
  add_report_options(command, options);
  add_password_option(command, options);
}

VerifyRefusal wrong_options(std::string sentence) {
  return {exit_usage, std::move(sentence)};
}

VerifyResult<void> check_online_options(const VerifyOptions& options) {
  const bool is_told_how = !options.online_hosts.empty() || options.online_limit > 0 ||
                           !options.online_proxy.empty() || !options.cache.empty();
  if (!options.online && is_told_how)
    return wrong_options(
        "--online-host, --online-limit, --online-proxy and --cache belong to --online");
  return success();
}

VerifyResult<void> check_verify_options(const VerifyOptions& options) {
  if (options.json && (options.html || options.xml))
    return wrong_options("--json, --html and --xml exclude each other");
  if (options.files.size() > 1) {
    if (options.html || options.xml)
      return wrong_options("--html and --xml are about one document");
    if (!options.data.empty() || !options.extract.empty() || options.revision > 0)
      return wrong_options("--data, --extract and --revision are about one document");
  }
  if (!options.picture.empty() && !options.html)
    return wrong_options("--picture belongs to --html");
  BOOST_OUTCOME_TRY(check_online_options(options));
  if (!options.journal.empty() && options.trusted_lists.empty())
    return wrong_options("--journal belongs to --trusted-lists");
  if (options.force && options.out.empty() && options.extract.empty())
    return wrong_options("--force belongs to --out or --extract");
  return success();
}

}  // namespace signet::cli
