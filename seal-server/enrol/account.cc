#include "seal-server/enrol/account.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

#include "crypto/algorithm_table.h"
#include "crypto/base64.h"
#include "crypto/context.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "dsa-transport/appliance_accounts.h"
#include "dsa-transport/factory.h"
#include "keygen/certificate.h"
#include "pkcs11-client/key_type.h"
#include "pkcs11-client/provider_key.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

using pkcs11::DigestSignature;
using transport::KeyInfo;

constexpr Milliseconds kCallLimit{60'000};
constexpr Milliseconds kKeyLimit{240'000};  // an RSA key of 4096 bits takes an appliance its time
constexpr const char* kSealingKeyLabel = "seal";

Deadline soon() {
  return Deadline::after(kCallLimit);
}

transport::Settings transport_settings(const OfficeSettings& settings, const std::string& user) {
  transport::Settings made;
  made.members = settings.members;
  made.user = user;
  made.user_agent = "signet-seald";
  return made;
}

transport::KeySpec spec_for(ByteView cka_id, const std::string& type) {
  const auto parsed = take(pkcs11::KeyType::parse(type));
  if (!parsed.kind) fail(Reason::not_supported, "Keys of the type " + type + " are not made here.");
  transport::KeySpec spec;
  spec.type = *parsed.kind;
  spec.label = copy_of(view_of(kSealingKeyLabel));
  spec.cka_id = copy_of(cka_id);
  if (spec.type == crypto::KeyType::rsa) {
    spec.bits = parsed.bits;
  } else {
    const auto* const curve = crypto::curve_named(parsed.curve);
    if (curve == nullptr)
      fail(Reason::not_supported, "Keys of the type " + type + " are not made here.");
    spec.curve = curve->curve;
  }
  return spec;
}

// The hash of a request's signature, as OpenSSL calls it; null for a key that signs messages.
const char* request_hash(const KeyInfo& key) {
  if (key.type == crypto::KeyType::edwards) return nullptr;
  if (key.type != crypto::KeyType::ec || key.curve == crypto::Curve::p256) return "SHA256";
  return key.curve == crypto::Curve::p384 ? "SHA384" : "SHA512";
}

transport::SignRequest sign_request(const KeyInfo& key, ByteView digest) {
  transport::SignRequest request;
  request.key_id = key.id;
  request.digests = {copy_of(digest)};
  request.reference = "certificate request";
  request.hash = crypto::Hash::sha256;
  if (key.type == crypto::KeyType::edwards) {
    request.algorithm = crypto::Scheme::eddsa;
    request.hash = crypto::Hash::none;
  } else if (key.type == crypto::KeyType::ec) {
    request.algorithm = crypto::Scheme::ecdsa;
    const std::string_view hash = request_hash(key);
    if (hash == "SHA384") request.hash = crypto::Hash::sha384;
    if (hash == "SHA512") request.hash = crypto::Hash::sha512;
  }
  return request;
}

struct ExtensionsFree {
  void operator()(STACK_OF(X509_EXTENSION) * stack) const {
    sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
  }
};

bool add_usage(X509_REQ* request) {
  const std::unique_ptr<STACK_OF(X509_EXTENSION), ExtensionsFree> extensions(
      sk_X509_EXTENSION_new_null());
  X509_EXTENSION* const usage = X509V3_EXT_conf_nid(nullptr, nullptr, NID_key_usage,
                                                    "critical,digitalSignature,nonRepudiation");
  return extensions && usage != nullptr && sk_X509_EXTENSION_push(extensions.get(), usage) > 0 &&
         X509_REQ_add_extensions(request, extensions.get()) == 1;
}

PkeyPtr public_half_of(ByteView spki) {
  const unsigned char* in = spki.data();
  return PkeyPtr(d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()),
                               crypto::library_context(), nullptr));
}

[[noreturn]] void fail_request() {
  fail(Reason::failed,
       "The request for the sealing certificate cannot be made: " + crypto::openssl_reason() + ".");
}

// Whether a write with this outcome may have been carried out.
bool was_perhaps_done(transport::Failure failure) {
  using transport::Failure;
  switch (failure) {
    case Failure::busy:
    case Failure::appliance_fault:
    case Failure::bad_answer:
    case Failure::unreachable:  // of the second member, after the first one was asked
    case Failure::timed_out:
    case Failure::no_resources:
      return true;
    default:
      return false;
  }
}

Bytes issuer_label(ByteView der) {
  const auto certificate = take(keygen::Certificate::from_der(der));
  const std::string name = certificate.common_name();
  return copy_of(view_of(name.empty() ? certificate.subject() : name));
}

}  // namespace

Account::Account(const OfficeSettings& settings, std::string user)
    : settings_(settings),
      user_(std::move(user)),
      appliance_(transport::make_appliance(transport_settings(settings, user_))) {}

transport::Credential Account::administrator() const {
  auto password = settings_.appliance_password.read();
  if (!password)
    fail(Reason::pin, sentence_from("the password of the appliance's administrator: " +
                                    password.assume_error()));
  return {settings_.appliance_administrator, std::move(password).assume_value()};
}

AccountAnswer Account::add(const std::string& common_name, const Secret& password) {
  auto* const accounts = dynamic_cast<transport::AccountAdministration*>(appliance_.get());
  if (accounts == nullptr) {
    refusal_ = {.failure = transport::Failure::not_supported,
                .sentence = "its accounts are added in its own administration",
                .cause = {}};
    return AccountAnswer::refused;
  }
  const auto added = accounts->add_account(
      administrator(), {.user = user_, .common_name = common_name}, password, soon());
  if (added) return AccountAnswer::added;
  refusal_ = added.assume_error();
  if (refusal_->failure == transport::Failure::exists_already) return AccountAnswer::exists;
  if (was_perhaps_done(refusal_->failure)) fail_with(*refusal_);
  return AccountAnswer::refused;
}

void Account::fail_refused() const {
  fail_with(refusal_.value());
}

void Account::set_password(const Secret& password) const {
  take(appliance_->set_password(administrator(), user_, password, soon()));
}

void Account::forget_password() {
  own_ = {};
  const auto set = appliance_->set_password(administrator(), user_, random_password(), soon());
  if (!set && set.assume_error().failure != transport::Failure::no_such_object)
    fail_with(set.assume_error());
}

transport::ObjectSet Account::objects() const {
  auto found = take(appliance_->objects(own_, {}, soon()));
  return found ? *std::move(found) : transport::ObjectSet();
}

KeyInfo Account::key(ByteView cka_id, const std::string& type) const {
  for (KeyInfo& key : objects().keys)
    if (equal(key.cka_id, cka_id)) return std::move(key);
  return take(appliance_->generate_key(own_, spec_for(cka_id, type), Deadline::after(kKeyLimit)));
}

Bytes Account::request(const KeyInfo& key, const Bytes& subject) const {
  std::optional<transport::ApplianceError> refusal;
  const auto signer = pkcs11::ProviderKey::make(
      key.public_key, [&](const DigestSignature& /*wish*/, ByteView digest) {
        auto made = appliance_->sign(own_, sign_request(key, digest), soon());
        if (!made) refusal = made.assume_error();
        if (!made || made.assume_value().values.size() != 1) return Bytes();
        const Bytes& signature = made.assume_value().values.front();
        return key.type == crypto::KeyType::ec ? der::encode_ecdsa(signature) : signature;
      });
  const RequestPtr request(X509_REQ_new_ex(crypto::library_context(), nullptr));
  const PkeyPtr open = public_half_of(key.public_key);
  const unsigned char* in = subject.data();
  const NamePtr name(d2i_X509_NAME(nullptr, &in, static_cast<long>(subject.size())));
  const DigestContextPtr digest(EVP_MD_CTX_new());
  if (!signer || !request || !open || !name || !digest ||
      X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_subject_name(request.get(), name.get()) != 1 ||
      X509_REQ_set_pubkey(request.get(), open.get()) != 1 || !add_usage(request.get()) ||
      EVP_DigestSignInit_ex(digest.get(), nullptr, request_hash(key), crypto::library_context(),
                            nullptr, signer->get(), nullptr) != 1)
    fail_request();
  const int signed_size = X509_REQ_sign_ctx(request.get(), digest.get());
  if (refusal) fail_with(*refusal);
  if (signed_size <= 0 ||
      X509_REQ_verify_ex(request.get(), open.get(), crypto::library_context(), nullptr) != 1)
    fail_request();
  return crypto::der_of(request.get(), i2d_X509_REQ);
}

void Account::store(const KeyInfo& key, const std::vector<Bytes>& certificates) const {
  const transport::ObjectSet there = objects();
  for (const Bytes& der : certificates) {
    const bool own = &der == &certificates.front();
    const bool known = std::ranges::any_of(
        there.certificates, [&](const auto& other) { return equal(other.der, der); });
    if (known) continue;
    take(appliance_->import_certificate(own_, der, own ? key.label : issuer_label(der),
                                        own ? key.cka_id : Bytes(), soon()));
  }
}

std::optional<transport::CertificateInfo> Account::certificate_named(ByteView sha256) const {
  for (transport::CertificateInfo& certificate : objects().certificates)
    if (!certificate.key_id.empty() && equal(crypto::sha256(certificate.der), sha256))
      return std::move(certificate);
  return std::nullopt;
}

Secret random_password() {
  std::uint8_t octets[24] = {};
  if (!crypto::random_bytes(octets)) fail(Reason::failed, "The system has no randomness.");
  char text[crypto::base64_size(sizeof octets) + 1] = {};
  crypto::write_base64(octets, text);
  // Letters, digits and two signs that need no care anywhere.
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  Secret password(std::string_view(text, sizeof text - 1));
  wipe(octets, sizeof octets);
  wipe(text, sizeof text);
  return password;
}

}  // namespace signet::sealserver::enrol
