#include "signet-cli/seal/tool.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/bounded_file.h"
#include "common/utf8.h"
#include "config/credential_source.h"
#include "dsa-transport/client_identity.h"
#include "keygen/certificate.h"
#include "signet-cli/command.h"
#include "signet-cli/seal/visible_option.h"
#include "signet-cli/sign_options.h"
#include "signet-cli/token_options.h"
#include "timestamps/client.h"
#include "timestamps/trust.h"

namespace signet::cli {

namespace {

using config::SealSettings;
using sealing::Error;
using sealing::Failure;
using sealing::SealResult;

constexpr std::size_t kLargestCaFile = std::size_t{4} * 1024 * 1024;  // bytes
constexpr unsigned kDefaultJobs = 4;

// commitment-type-indication (EN 319 122-1, 5.2.3; the identifiers are those of TS 119 172-1, annex B).
struct Commitment {
  std::string_view word;
  const char* oid;
};
constexpr auto kCommitments = std::to_array<Commitment>({
    {"proof-of-origin", "1.2.840.113549.1.9.16.6.1"},
    {"proof-of-receipt", "1.2.840.113549.1.9.16.6.2"},
    {"proof-of-delivery", "1.2.840.113549.1.9.16.6.3"},
    {"proof-of-sender", "1.2.840.113549.1.9.16.6.4"},
    {"proof-of-approval", "1.2.840.113549.1.9.16.6.5"},
    {"proof-of-creation", "1.2.840.113549.1.9.16.6.6"},
});

SealResult<std::string> commitment_of(const std::string& given) {
  const auto* const known = std::ranges::find(kCommitments, given, &Commitment::word);
  if (known != kCommitments.end()) return std::string(known->oid);
  if (!cms::encode_oid(given).empty()) return given;
  std::string words;
  for (const Commitment& each : kCommitments) words += fmt::format("{}, ", each.word);
  return settings_error(fmt::format(
      "\"{}\" is no commitment: {}or an object identifier in dotted form", given, words));
}

SealResult<timestamps::Authority> authority_of(const config::TsaConfig& settings,
                                               const std::shared_ptr<crypto::Context>& context) {
  timestamps::Authority authority;
  authority.url = settings.url;
  authority.policy = settings.policy;
  authority.pins = settings.pins;
  authority.tls_ca_file = settings.tls_ca_file;
  authority.limit = settings.limit;
  authority.largest_distance =
      std::chrono::duration_cast<std::chrono::seconds>(settings.clock_distance);
  if (!settings.ca_file.empty()) {
    const auto text = read_file(settings.ca_file, kLargestCaFile);
    if (!text) return settings_error(text.error().sentence);
    auto anchors = timestamps::TrustAnchors::from_pem(context, text_of(text.value()));
    if (!anchors) return settings_error(fmt::format("{}: {}", settings.ca_file, anchors.error()));
    authority.trusted = std::move(anchors).value();
  }
  if (settings.password) {
    auto password = settings.password->read();
    if (!password)
      return settings_error(fmt::format("the password for {}: {}", settings.url, password.error()));
    authority.basic.emplace(
        timestamps::BasicCredentials{settings.user, std::move(password).value()});
  }
  if (settings.client_certificate)
    authority.identity = [certificate = *settings.client_certificate] {
      return std::make_unique<transport::ClientIdentity>(certificate);
    };
  return authority;
}

SealResult<std::shared_ptr<timestamps::Client>> authorities_of(
    const SealSettings& settings, const std::shared_ptr<crypto::Context>& context) {
  if (settings.tsa.empty()) return std::shared_ptr<timestamps::Client>();
  std::vector<timestamps::Authority> authorities;
  for (const config::TsaConfig& each : settings.tsa) {
    BOOST_OUTCOME_TRY(auto authority, authority_of(each, context));
    authorities.push_back(std::move(authority));
  }
  timestamps::ClientOptions options;
  options.user_agent = "signet/" SIGNET_VERSION;
  options.connections = std::max(settings.jobs.value_or(kDefaultJobs), 1U);
  return std::make_shared<timestamps::Client>(std::move(authorities), context, options);
}

SealResult<std::vector<Bytes>> certificates_in(const std::string& file) {
  BOOST_OUTCOME_TRY(const auto read, keygen::read_certificates(file));
  std::vector<Bytes> certificates;
  for (const keygen::Certificate& each : read) certificates.push_back(each.der());
  return certificates;
}

SealResult<std::shared_ptr<sealing::SealKey>> key_of(const SealSettings& settings) {
  const std::string key = settings.key.value_or("");
  const TokenOptions token{settings.module.value_or(""), settings.token.value_or(""),
                           settings.pin_file.value_or("")};
  sealing::SealKeyChoice choice;
  BOOST_OUTCOME_TRY(choice.key, object_choice(key, settings.id.value_or("")));
  BOOST_OUTCOME_TRY(const auto place, find_token(token, key));
  choice.module = place.module;
  choice.token = place.info;
  BOOST_OUTCOME_TRY(choice.pin, token_pin(token, key));
  choice.signing_pin = signing_pin_provider(settings.sign_pin_file.value_or(""));
  if (settings.cert) {
    BOOST_OUTCOME_TRY(const auto own, certificates_in(*settings.cert));
    choice.certificate = own.front();
    choice.issuers.assign(own.begin() + 1, own.end());
  }
  if (settings.chain) {
    BOOST_OUTCOME_TRY(const auto issuers, certificates_in(*settings.chain));
    choice.issuers.insert(choice.issuers.end(), issuers.begin(), issuers.end());
  }
  choice.most_signatures = settings.jobs.value_or(kDefaultJobs);
  return sealing::SealKey::open(std::move(choice));
}

// Some documents are read and written while the others are signed.
unsigned threads_for(unsigned signatures) {
  return signatures > 1 ? 2 * signatures : 1;
}

static_assert(config::kTokenAuthority == timestamps::kKeyServiceUrl);

// The service of the token that the settings name; where there is no such token, that is what is told of it.
timestamps::KeyService key_service_of(const SealSettings& settings) {
  const auto named =
      std::ranges::find(settings.tsa, config::kTokenAuthority, &config::TsaConfig::url);
  if (named == settings.tsa.end()) return {};
  const TokenOptions token{settings.module.value_or(""), settings.token.value_or(""), ""};
  auto place = find_token(token, settings.key.value_or(""));
  if (place)
    return sealing::TokenStamps::service(
        std::make_shared<sealing::TokenStamps>(place.value().module, place.value().info));
  return [sentence = place.error().sentence](const timestamps::StampRequest&,
                                             Deadline) -> Result<Bytes, timestamps::Miss> {
    timestamps::Miss miss;
    miss.kind = timestamps::Miss::Kind::settings;
    miss.sentence = sentence;
    return miss;
  };
}

// For all authorities together.
Milliseconds stamp_limit_of(const SealSettings& settings) {
  Milliseconds limit{0};
  for (const config::TsaConfig& authority : settings.tsa) limit += authority.limit;
  return limit;
}

// What the key asks for where nothing is said.
std::string hash_for(const SealSettings& settings, const pkcs11::KeyType& type) {
  SignOptions options;
  options.hash = settings.hash.value_or("");
  return hash_of(options, type);
}

SealResult<sealing::PdfWish> pdf_wish_of(const SealSettings& settings) {
  sealing::PdfWish wish;
  wish.field = settings.field.value_or("");
  wish.certify = settings.certify ? settings.certify->front() - '0' : 0;
  wish.ignore_xfa = settings.ignore_xfa.value_or(false);
  wish.repair_ok = settings.repair_ok.value_or(false);
  wish.reason = settings.reason.value_or("");
  wish.location = settings.location.value_or("");
  wish.contact = settings.contact.value_or("");
  for (const std::string* const text : {&wish.field, &wish.reason, &wish.location, &wish.contact})
    if (!is_utf8(*text))
      return settings_error("--field, --reason, --location and --contact take UTF-8");
  BOOST_OUTCOME_TRY(wish.visible, visible_wish_of(settings));
  if (!settings.pdf_password_file) return wish;
  auto password =
      config::CredentialSource{config::CredentialSource::Kind::file, *settings.pdf_password_file}
          .read();
  if (!password) return settings_error(fmt::format("--pdf-password-file: {}", password.error()));
  wish.password = std::move(password).value();
  return wish;
}

// Without the key.
SealResult<SealTool> new_tool(const SealSettings& settings) {
  SealTool tool;
  BOOST_OUTCOME_TRY(tool.pdf, pdf_wish_of(settings));
  auto context = crypto::Context::create();
  if (!context) return settings_error("OpenSSL's default provider cannot be used");
  tool.context = std::move(context).value();
  BOOST_OUTCOME_TRY(tool.time_stamps, authorities_of(settings, tool.context));
  tool.threads = threads_for(settings.jobs.value_or(kDefaultJobs));
  return tool;
}

}  // namespace

SealResult<sealing::SealWish> seal_wish_of(const SealSettings& settings) {
  sealing::SealWish wish;
  wish.external = settings.form.value_or("external") == "external";
  wish.indefinite = settings.ber.value_or(false);
  if (wish.indefinite && wish.external)
    return settings_error(
        "--ber is for internal seals (--internal): an external one has no content");
  const std::string level = settings.level.value_or(settings.tsa.empty() ? "B-B" : "B-T");
  wish.level = level == "B-T" ? sealing::Level::b_t : sealing::Level::b_b;
  if (wish.level == sealing::Level::b_t && settings.tsa.empty())
    return settings_error(
        "level B-T needs a time-stamp authority: name one with --tsa URL, or in [[seal.tsa]]");
  wish.without_stamp = settings.on_tsa_failure.value_or("fail") == "degrade"
                           ? sealing::WithoutStamp::degrade
                           : sealing::WithoutStamp::fail;
  wish.spares_signatures = true;
  if (settings.commitment) {
    BOOST_OUTCOME_TRY(wish.attributes.commitment, commitment_of(*settings.commitment));
  }
  wish.attributes.country = settings.country.value_or("");
  if (!wish.attributes.country.empty() && wish.attributes.country.size() != 2)
    return settings_error("--country takes the two letters of ISO 3166, such as CZ");
  wish.attributes.locality = settings.locality.value_or("");
  wish.attributes.media_type = settings.media_type.value_or("");
  wish.signing.padding =
      settings.pss.value_or(false) ? pkcs11::Padding::pss : pkcs11::Padding::pkcs1;
  wish.stamp_limit = stamp_limit_of(settings);
  return wish;
}

SealResult<SealTool> open_stamp_tool(const SealSettings& settings) {
  BOOST_OUTCOME_TRY(auto tool, new_tool(settings));
  tool.key_service = key_service_of(settings);
  tool.wish.stamp_limit = stamp_limit_of(settings);
  return tool;
}

SealResult<SealFormat> format_of(const SealSettings& settings) {
  const bool cades_alone = settings.form || settings.ber.value_or(false);
  const std::string format = settings.format.value_or(cades_alone ? "cades" : "");
  if (format == "pades" && cades_alone)
    return settings_error(
        "a seal of the format pades is inside its document: leave out --external, --internal and "
        "--ber");
  if (format.empty()) return SealFormat::by_document;
  return format == "pades" ? SealFormat::pades : SealFormat::cades;
}

bool begins_as_pdf(const sealing::Input& document) {
  std::array<std::uint8_t, 5> first = {};
  return document.size() >= first.size() && document.read(0, first) && text_of(first) == "%PDF-";
}

SealResult<SealTool> open_seal_tool(const SealSettings& settings) {
  BOOST_OUTCOME_TRY(auto wish, seal_wish_of(settings));
  BOOST_OUTCOME_TRY(const auto format, format_of(settings));
  BOOST_OUTCOME_TRY(auto tool, new_tool(settings));
  BOOST_OUTCOME_TRY(auto key, key_of(settings));
  const bool is_rsa = key->type().kind == crypto::KeyType::rsa;
  if (wish.signing.padding == pkcs11::Padding::pss && !is_rsa)
    return settings_error(fmt::format("--pss is for RSA keys; this one is {}", key->type().text()));
  wish.signing.hash = hash_for(settings, key->type());
  tool.wish = std::move(wish);
  tool.format = format;
  tool.file_name = settings.file_name.value_or(false);
  tool.sealer = std::make_unique<sealing::Sealer>(tool.context, std::move(key), tool.time_stamps);
  return tool;
}

Error settings_error(std::string sentence) {
  return {Failure::settings, std::move(sentence)};
}

int exit_status_of(const Error& error) {
  switch (error.failure) {
    case Failure::settings:
      return exit_usage;
    case Failure::exists:
      return static_cast<int>(pkcs11::Reason::exists);
    case Failure::broken:
      return 31;
    case Failure::forbidden:
      return 32;
    case Failure::no_time_stamp:
      return 33;
    case Failure::token:
      return static_cast<int>(error.token.reason);
    case Failure::input:
    case Failure::changed:
    case Failure::output:
    case Failure::cancelled:
      break;
  }
  return exit_failed;
}

}  // namespace signet::cli
