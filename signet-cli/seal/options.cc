#include "signet-cli/seal/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "config/config.h"
#include "config/config_reader.h"
#include "config/suggest.h"
#include "signet-cli/seal/authority_options.h"
#include "signet-cli/seal/tool.h"
#include "signet-cli/suite_choice.h"

namespace signet::cli {

namespace {

using config::SealSettings;
using config::SealText;
using sealing::Error;
using sealing::Failure;
using sealing::SealResult;

std::string option_of(std::string_view key) {
  std::string option = "--" + std::string(key);
  std::ranges::replace(option, '_', '-');
  return option;
}

// What --help says of the settings that the configuration has too.
struct Help {
  std::string_view key;
  const char* type;
  const char* text;
};
constexpr Help kHelp[] = {
    {"module", "FILE", "PKCS#11 module; default: Signet's own"},
    {"token", "LABEL|URI", "The token's label, or its pkcs11: URI"},
    {"key", "LABEL|URI", "The key's label, or its pkcs11: URI; default: the only one"},
    {"id", "HEX", "Its CKA_ID in hexadecimal, where the label is not enough"},
    {"pin_file", "FILE", "File with the PIN, readable by its owner only"},
    {"sign_pin_file", "FILE",
     "File with the second credential that each signature of the key needs"},
    {"cert", "FILE", "The signer's certificate, where the token does not hold it"},
    {"chain", "FILE", "Its issuers' certificates, where the token does not hold them"},
    {"format", "FORMAT",
     "cades, or pades (inside the document) for PDF; default: pades for what begins with %PDF-"},
    {"level", "LEVEL", "B-B, or B-T (with a time-stamp); default: B-T where there is an authority"},
    {"hash", "HASH", "SHA256, SHA384 or SHA512; default: what fits the key"},
    {"commitment", "WORD|OID", "What the seal stands for: proof-of-origin, proof-of-approval, …"},
    {"country", "CC", "Where it is sealed: two letters"},
    {"locality", "PLACE", "Where it is sealed: the place"},
    {"media_type", "TYPE", "Media type of the document, sealed with it"},
    {"reason", "TEXT", "PDF: why it is sealed"},
    {"location", "PLACE", "PDF: where it is sealed"},
    {"contact", "TEXT", "PDF: whom to ask about the seal"},
    {"field", "NAME", "PDF: the signature field, by its full name; default: a new one"},
    {"certify", "1|2|3",
     "PDF: certify the document; afterwards nothing may change (1), forms may be filled in (2), "
     "annotations be made, too (3)"},
    {"pdf_password_file", "FILE",
     "PDF: file with the password of encrypted documents, readable by its owner only"},
    {"visible", "KEY=VALUE,…",
     "PDF: a visible seal, such as page=1,corner=bottom-right,x=36,y=36,width=180,height=60; see "
     "signet(1)"},
    {"text", "TEXT", "PDF: text of a visible seal, with {signer}, {time}, {reason} and others"},
    {"image", "FILE", "PDF: image of a visible seal (PNG, JPEG)"},
    {"background", "FILE", "PDF: image behind a visible seal (PNG, JPEG)"},
    {"font", "FILE", "PDF: font of a visible seal (TrueType, OpenType); default: DejaVu Sans"},
    {"on_tsa_failure", "fail|degrade",
     "Where no authority gives a time-stamp: fail (default), or seal as B-B, for --resume"},
    {"ber", "", "Internal: indefinite lengths, for readers of documents over 2 GiB"},
    {"pss", "", "RSASSA-PSS, for RSA keys"},
    {"file_name", "", "Seal the document's name with it"},
    {"ignore_xfa", "",
     "PDF: seal XFA forms, whose viewers show something else than what is sealed"},
    {"repair_ok", "",
     "PDF: seal documents whose cross-references are damaged, with new ones behind them"},
};

struct PdfSetting {
  std::string_view option;
  SealSettings::Text SealSettings::*member;
};
constexpr PdfSetting kPdfSettings[] = {
    {"--reason", &SealSettings::reason},
    {"--location", &SealSettings::location},
    {"--contact", &SealSettings::contact},
    {"--field", &SealSettings::field},
    {"--certify", &SealSettings::certify},
    {"--pdf-password-file", &SealSettings::pdf_password_file},
    {"--visible", &SealSettings::visible},
    {"--text", &SealSettings::text},
    {"--image", &SealSettings::image},
    {"--background", &SealSettings::background},
    {"--font", &SealSettings::font},
};

void add_settings(CLI::App& command, SealSettings& settings) {
  for (const Help& help : kHelp) {
    const std::string option = option_of(help.key);
    const auto text = std::ranges::find(config::seal_texts(), help.key, &SealText::key);
    if (text == config::seal_texts().end()) {
      const auto flag = std::ranges::find(config::seal_flags(), help.key, &config::SealFlag::key);
      auto* const member = &(settings.*flag->member);
      command.add_flag_callback(
          option, [member] { *member = true; }, help.text);
      continue;
    }
    CLI::Option* const added =
        command.add_option(option, settings.*text->member, help.text)->type_name(help.type);
    if (text->value == config::SealValue::word)
      added->transform(CLI::IsMember(
          std::vector<std::string>(text->words.begin(), text->words.end()), CLI::ignore_case));
  }
  command.add_option("--jobs", settings.jobs, "How many signatures are made at a time; default: 4")
      ->check(CLI::Range(1U, config::kMostSealJobs))
      ->type_name("N");
}

std::string absolute_name(const std::string& file) {
  std::error_code unresolved;
  return file.empty() ? file : std::filesystem::absolute(file, unresolved).string();
}

// What is said of authorities that are reached by HTTP is not for this one.
config::TsaConfig token_authority(const config::TsaConfig& common) {
  config::TsaConfig authority;
  authority.url = config::kTokenAuthority;
  authority.ca_file = common.ca_file;
  authority.policy = common.policy;
  authority.limit = common.limit;
  authority.clock_distance = common.clock_distance;
  return authority;
}

// The authorities of the command line.
SealResult<std::vector<config::TsaConfig>> authorities_of(const SealOptions& options) {
  config::TsaConfig common = options.authority;
  common.ca_file = absolute_name(common.ca_file);
  common.tls_ca_file = absolute_name(common.tls_ca_file);
  if (!options.tsa_password_file.empty())
    common.password = config::CredentialSource{config::CredentialSource::Kind::file,
                                               absolute_name(options.tsa_password_file)};
  if (!options.tsa_limit.empty()) {
    const auto limit = config::parse_duration(options.tsa_limit);
    if (!limit || limit->count() < 100)
      return settings_error(
          "--tsa-limit must be a whole number with its unit, such as 500ms, 10s or 2m");
    common.limit = *limit;
  }
  if (common.user.empty() == common.password.has_value())
    return settings_error("--tsa-user and --tsa-password-file belong together");
  if (options.tsa.empty() && common != config::TsaConfig())
    return settings_error(
        "the options --tsa-… are for the authorities that --tsa names; those of the configuration "
        "have their own");
  std::vector<config::TsaConfig> authorities;
  for (const std::string& url : options.tsa) {
    if (url == config::kTokenAuthority) {
      authorities.push_back(token_authority(common));
      continue;
    }
    if (!url.starts_with("https://") && !url.starts_with("http://"))
      return settings_error(fmt::format(
          "--tsa {}: a URL begins with https:// or http://, or is csc: for the service of the "
          "key's token",
          url));
    if (common.password && url.starts_with("http://"))
      return settings_error(fmt::format("--tsa {}: a password is sent over https:// only", url));
    authorities.push_back(common);
    authorities.back().url = url;
  }
  return authorities;
}

}  // namespace

void add_authority_options(CLI::App& command, SealOptions& options) {
  config::TsaConfig& authority = options.authority;
  command
      .add_option("--tsa", options.tsa,
                  "Time-stamp authority (RFC 3161), or csc: for the service of the key's token; "
                  "several are asked one after the other")
      ->type_name("URL")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--tsa-ca", authority.ca_file,
                  "Certificates of which one must have certified the signer of the time-stamp")
      ->type_name("FILE");
  command.add_option("--tsa-policy", authority.policy, "Policy to ask for and to demand")
      ->type_name("OID");
  command.add_option("--tsa-user", authority.user, "User name at the authority (HTTP Basic)")
      ->type_name("NAME");
  command
      .add_option("--tsa-password-file", options.tsa_password_file,
                  "File with its password, readable by its owner only")
      ->type_name("FILE");
  command
      .add_option("--tsa-tls-ca", authority.tls_ca_file,
                  "Certificates of which one must have certified the authority's TLS server")
      ->type_name("FILE");
  command
      .add_option("--tsa-limit", options.tsa_limit,
                  "Time for one time-stamp of one authority, such as 10s, which is the default")
      ->type_name("DURATION");
}

void add_seal_options(CLI::App& command, SealOptions& options) {
  command.add_option("IN", options.inputs, "Documents to seal; -: standard input");
  auto* const out = command
                        .add_option("-o,--out", options.out,
                                    "The sealed document; -: standard output; default: IN.p7s, "
                                    "IN.p7m, or NAME.sealed.pdf")
                        ->type_name("OUT");
  auto* const out_dir =
      command
          .add_option(
              "--out-dir", options.out_dir,
              "Folder for the sealed documents: IN.p7s, IN.p7m, and PDF as IN itself is called")
          ->type_name("DIR");
  auto* const external =
      command.add_flag("--external", options.external, "The seal alone, in IN.p7s (default)");
  command.add_flag("--internal", options.internal, "The seal with the document inside, in IN.p7m")
      ->excludes(external);
  command.add_option("--profile", options.profile, "Profile of the configuration")
      ->type_name("NAME");
  add_suite_option(command, options.suite, crypto::kDefaultSuite);
  command
      .add_option("--reference", options.reference,
                  "Reference number: goes into the appliance's journal with the signatures")
      ->type_name("TEXT");
  add_settings(command, options.settings);
  add_authority_options(command, options);
  auto* const force = command.add_flag("--force", options.force, "Replace outputs that are there");
  auto* const skip = command.add_flag("--skip-existing", options.skip_existing,
                                      "Leave out documents whose output is there");
  auto* const add = command.add_flag(
      "--add", options.add, "Add a parallel signature to messages that are sealed already");
  command
      .add_option("--content", options.content, "With --add: the document of an external message")
      ->type_name("FILE")
      ->needs(add);
  auto* const resume = command.add_flag(
      "--resume", options.resume,
      "Add the time-stamps that seals lack; without IN, to all that were degraded");
  auto* const watch = command
                          .add_option("--watch", options.watch,
                                      "Folder: seal what is moved into it, until interrupted")
                          ->type_name("DIR")
                          ->excludes(add)
                          ->excludes(resume)
                          ->excludes(force)
                          ->excludes(skip)
                          ->excludes(out);
  auto* const preview =
      command
          .add_option("--preview", options.preview,
                      "PDF: seal nothing, write a picture (PNG) of the page with the visible seal")
          ->type_name("FILE")
          ->excludes(add)
          ->excludes(resume)
          ->excludes(watch)
          ->excludes(out)
          ->excludes(out_dir)
          ->excludes(skip);
  command.add_option("--done-dir", options.done_dir, "With --watch: where sealed documents go")
      ->type_name("DIR")
      ->needs(watch);
  command
      .add_option("--failed-dir", options.failed_dir,
                  "With --watch: where documents go that cannot be sealed")
      ->type_name("DIR")
      ->needs(watch);
  command.add_flag("--once", options.once, "With --watch: seal what is there, and end")
      ->needs(watch);
  command.add_flag("--json", options.json, "Write one JSON object; with --watch, one a line")
      ->excludes(preview);
  add->excludes(resume);
}

std::string_view pdf_option_of(const SealSettings& settings) {
  for (const PdfSetting& each : kPdfSettings)
    if (settings.*each.member) return each.option;
  if (settings.repair_ok) return "--repair-ok";
  return settings.ignore_xfa ? "--ignore-xfa" : "";
}

SealResult<SealSettings> settings_of(SealOptions& options) {
  SealSettings given = options.settings;
  if (options.external) given.form = "external";
  if (options.internal) given.form = "internal";
  BOOST_OUTCOME_TRY(given.tsa, authorities_of(options));
  config::SealConfig common;
  if (!config::config_file().empty()) {
    auto loaded = config::load_config();
    if (!loaded) return settings_error(loaded.error().sentence);
    if (options.suite.empty()) options.suite = loaded.value().suite;
    common = std::move(loaded).value().seal;
  }
  if (options.profile.empty()) return config::merged(given, common.common);
  const auto profile = common.profiles.find(options.profile);
  if (profile == common.profiles.end()) {
    std::vector<std::string_view> known;
    for (const auto& [name, settings] : common.profiles) known.push_back(name);
    return settings_error(fmt::format("the configuration has no [seal.profile.{}]{}",
                                      options.profile, config::suggestion(options.profile, known)));
  }
  return config::merged(given, config::merged(profile->second, common.common));
}

}  // namespace signet::cli
