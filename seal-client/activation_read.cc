// How an activation file is read.
#include <boost/json.hpp>
#include <map>
#include <utility>

#include "common/json_text.h"
#include "common/printable.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/cms/enveloped_data.h"
#include "crypto/cms/reader.h"
#include "crypto/cms/verify.h"
#include "crypto/context.h"
#include "crypto/digest.h"
#include "seal-client/activation_file.h"
#include "seal-client/activation_words.h"
#include "seal-client/key_pair.h"
#include "seal-client/members.h"

namespace signet::sealclient {

namespace {

using Refusal = ActivationError::Kind;
namespace words = activation_words;

ActivationError refusal(Refusal kind, std::string sentence) {
  return {.kind = kind, .sentence = std::move(sentence)};
}

ActivationError cut_off() {
  return refusal(Refusal::unreadable,
                 "The activation file is not whole. Copy it again from where it was made.");
}

ActivationError changed() {
  return refusal(Refusal::changed,
                 "The activation file was changed after it was signed. Copy it again from where it "
                 "was made; if it is the same there, activate again.");
}

ActivationError mixed() {
  return refusal(Refusal::mixed,
                 "The activation file is made of parts of different files. Activate again.");
}

// The DER between the two lines.
ActivationResult<Bytes> unwrapped(ByteView file) {
  const std::string_view text = text_of(file);
  const std::string begin = std::string("-----BEGIN ") + words::kPemName + "-----";
  const std::string end = std::string("-----END ") + words::kPemName + "-----";
  const std::size_t from = text.find(begin);
  if (from == std::string_view::npos)
    return refusal(Refusal::unreadable, "This is no activation file.");
  const std::size_t to = text.find(end, from);
  if (to == std::string_view::npos) return cut_off();
  std::string base64;
  for (const char c : text.substr(from + begin.size(), to - from - begin.size()))
    if (c != '\n' && c != '\r') base64 += c;
  auto der = crypto::from_base64(base64);
  if (!der) return cut_off();
  return *std::move(der);
}

struct Verified {
  Bytes content;
  Bytes signer;
};

ActivationResult<Verified> verified(ByteView der) {
  const auto source = cms::Source::of(der);
  const auto message = cms::read_signed_data(source);
  if (!message) return cut_off();
  if (!message.assume_value().has_content || message.assume_value().content_size > der.size())
    return cut_off();
  Verified signed_content;
  const bool whole = message.assume_value().each_piece(source, [&](ByteView piece) {
    signed_content.content.insert(signed_content.content.end(), piece.begin(), piece.end());
    return true;
  });
  const auto context = crypto::Context::create();
  if (!whole || !context)
    return refusal(Refusal::system, "The signature of the activation file cannot be checked.");
  const cms::SignedData& parts = message.assume_value().parts;
  std::map<crypto::Hash, Bytes> digests;
  for (const crypto::Hash hash : cms::hashes_of(parts)) {
    if (hash == crypto::Hash::none || hash == crypto::Hash::sha1) continue;
    auto digest = crypto::digest_of(context.assume_value(), hash, signed_content.content);
    if (digest) digests[hash] = std::move(digest).assume_value();
  }
  const auto verdicts = cms::verify(context.assume_value(), parts, digests);
  if (verdicts.size() != 1 || !verdicts.front().good()) return changed();
  signed_content.signer = verdicts.front().certificate;
  return signed_content;
}

ActivationResult<ActivationHeader> activation_header_in(std::string_view line) {
  const auto json = parsed(line);
  if (!json || repeats_a_name(line, *json)) return changed();
  Members members(&*json);
  if (members.text(words::kFormat) != words::kFormatName) {
    return refusal(Refusal::unreadable,
                   "The activation file is of another version of this program: " +
                       printable(members.optional_text(words::kFormat)) + ".");
  }
  ActivationHeader header;
  header.client = members.text(words::kClient);
  header.file = members.text(words::kFile);
  header.issued = members.text(words::kIssued);
  header.recipient = members.octets(words::kRecipient);
  const Bytes protected_key = members.optional_octets(words::kProtectedKey);
  if (!protected_key.empty())
    header.passphrase = PassphraseKey{members.octets(words::kSalt), protected_key};
  if (!members.good()) return changed();
  return header;
}

ServerPlace activation_place_in(Members& members) {
  ServerPlace place;
  place.url = members.text(words::kUrl);
  std::vector<pinning::Pin> pins;
  for (const boost::json::value& each : members.list(words::kPins)) {
    const auto* text = each.if_string();
    const auto pin = text == nullptr ? std::nullopt : pinning::Pin::parse(*text);
    members.need(pin.has_value());
    if (pin) pins.push_back(*pin);
  }
  members.need(!pins.empty());
  place.pins = pinning::PinSet(std::move(pins));
  return place;
}

Secret activation_key_in(const boost::json::value& json) {
  const auto* object = json.if_object();
  const auto* member = object == nullptr ? nullptr : object->if_contains(words::kKey);
  const auto* text = member == nullptr ? nullptr : member->if_string();
  auto der = text == nullptr ? std::nullopt : crypto::from_base64(*text);
  if (!der) return {};
  Secret key{ByteView(*der)};
  wipe(der->data(), der->size());
  return key;
}

std::optional<Activation> activation_in(std::string_view text) {
  boost::json::error_code error;
  const boost::json::value json =
      boost::json::parse(text, error, boost::json::make_shared_resource<WipingMemory>());
  if (error || repeats_a_name(text, json)) return std::nullopt;
  Members members(&json);
  Activation activation;
  activation.client = members.text(words::kClient);
  activation.file = members.text(words::kFile);
  activation.issued = members.text(words::kIssued);
  activation.order = members.text(words::kOrder);
  activation.server = activation_place_in(members);
  activation.certificates = members.octet_list(words::kCertificates);
  activation.sealing = members.octet_list(words::kSealing);
  activation.content_key_hash = members.octets(words::kContentKeyHash);
  activation.key = activation_key_in(json);
  if (!members.good() || activation.certificates.empty() || activation.sealing.empty())
    return std::nullopt;
  return activation;
}

// Whether the key is that of the certificate.
bool fit(const Secret& key, ByteView certificate) {
  const PkeyPtr pair = key_pair_of(key.reveal());
  const X509Ptr parsed_certificate = crypto::certificate_of(certificate);
  return pair && parsed_certificate &&
         equal(public_key_of(pair.get()), crypto::public_key_of(parsed_certificate.get()));
}

}  // namespace

ActivationResult<SignedActivation> read_activation(ByteView file) {
  BOOST_OUTCOME_TRY(const Bytes der, unwrapped(file));
  BOOST_OUTCOME_TRY(Verified found, verified(der));
  const std::string_view content = text_of(found.content);
  const std::size_t end = content.find('\n');
  if (end == std::string_view::npos) return changed();
  SignedActivation activation;
  BOOST_OUTCOME_TRY(activation.header, activation_header_in(content.substr(0, end)));
  activation.encrypted = copy_of(ByteView(found.content).subspan(end + 1));
  activation.signer = std::move(found.signer);
  return activation;
}

ActivationResult<Activation> open_activation(const SignedActivation& file,
                                             EVP_PKEY* installation_key) {
  if (!equal(public_key_of(installation_key), file.header.recipient)) {
    return refusal(Refusal::other_installation,
                   "The activation file was made for another installation. Activate again with the "
                   "client code of this one (signet client code).");
  }
  const auto secret = cms::decrypt_with(cms::software_key(installation_key), file.encrypted);
  if (!secret) {
    if (secret.assume_error().kind == cms::EnvelopeError::Kind::system)
      return refusal(Refusal::system, secret.assume_error().sentence);
    return mixed();
  }
  auto activation = activation_in(text_of(secret.assume_value().reveal()));
  if (!activation) return changed();
  const ActivationHeader& header = file.header;
  if (activation->client != header.client || activation->file != header.file ||
      activation->issued != header.issued ||
      !fit(activation->key, activation->certificates.front()))
    return mixed();
  return *std::move(activation);
}

ActivationResult<PkeyPtr> installation_key_under(const SignedActivation& file,
                                                 const Secret& passphrase) {
  if (!file.header.passphrase) {
    return refusal(Refusal::passphrase,
                   "The activation file has no passphrase: it was made for an installation's key.");
  }
  PkeyPtr key = key_pair_under(*file.header.passphrase, passphrase);
  if (!key) return refusal(Refusal::passphrase, "The passphrase is another one.");
  return key;
}

}  // namespace signet::sealclient
