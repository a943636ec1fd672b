#include "seal-server/certificates/request.h"

#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "crypto/cms/reader.h"
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr int kLeastRsaBits = 2048;
constexpr int kLeastCurveBits = 256;
constexpr std::uint64_t kMostRequest = 64 * 1024;  // bytes

RequestPtr parsed_request(ByteView der) {
  X509_REQ* made = X509_REQ_new_ex(crypto::library_context(), nullptr);
  const unsigned char* at = der.data();
  if (made == nullptr || d2i_X509_REQ(&made, &at, static_cast<long>(der.size())) == nullptr)
    return nullptr;  // d2i_X509_REQ() has freed it
  RequestPtr request(made);
  return at == der.data() + der.size() ? std::move(request) : nullptr;
}

bool has_weak_digest(const X509_REQ* request) {
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(X509_REQ_get_signature_nid(request), &digest, nullptr) != 1) return false;
  return digest == NID_md5 || digest == NID_sha1;
}

PkeyPtr public_key_in(const CertificateRequest& request) {
  const unsigned char* at = request.public_key.data();
  return PkeyPtr(d2i_PUBKEY_ex(nullptr, &at, static_cast<long>(request.public_key.size()),
                               crypto::library_context(), nullptr));
}

bool is_strong_rsa(const EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= kLeastRsaBits;
}

bool is_on_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == "prime256v1";
}

bool is_strong_curve(const EVP_PKEY* key) {
  const bool is_curve = EVP_PKEY_is_a(key, "EC") == 1 || EVP_PKEY_is_a(key, "ED25519") == 1;
  // An Edwards key of 32 octets has 253 bits of order and counts as 256.
  return is_curve &&
         (EVP_PKEY_is_a(key, "ED25519") == 1 || EVP_PKEY_get_bits(key) >= kLeastCurveBits);
}

const std::shared_ptr<crypto::Context>& verifying_context() {
  static const auto context = [] {
    auto made = crypto::Context::create();
    if (!made) throw std::runtime_error("OpenSSL's default provider cannot be used.");
    return std::move(made).assume_value();
  }();
  return context;
}

Problem no_sealed_request(const std::string& why) {
  return problems::bad_value("The request must be a PKCS#10 in a CMS SignedData (DER): " + why +
                             ".");
}

Bytes sealed_content(const cms::Source& source, const cms::Message& message) {
  if (!message.has_content || message.content_size > kMostRequest)
    throw no_sealed_request("its content is missing or too long");
  Bytes content;
  const bool whole = message.each_piece(source, [&](ByteView piece) {
    content.insert(content.end(), piece.begin(), piece.end());
    return true;
  });
  if (!whole) throw no_sealed_request("its content cannot be read");
  return content;
}

// A digest is known where it is safe only, so a weaker one finds nothing that fits.
cms::Verdict verdict_on(const cms::SignedData& message, ByteView content) {
  std::map<crypto::Hash, Bytes> digests;
  for (const crypto::Hash hash : cms::hashes_of(message)) {
    if (hash == crypto::Hash::none || hash == crypto::Hash::sha1) continue;
    auto digest = crypto::digest_of(verifying_context(), hash, content);
    if (digest) digests[hash] = std::move(digest).assume_value();
  }
  const auto verdicts = cms::verify(verifying_context(), message, digests);
  if (verdicts.size() != 1) throw no_sealed_request("it must have exactly one signer");
  return verdicts.front();
}

}  // namespace

CertificateRequest read_request(ByteView der) {
  const RequestPtr request = parsed_request(der);
  if (!request) {
    (void)crypto::openssl_reason();
    throw problems::bad_value("This is no certificate request (PKCS#10 in DER).");
  }
  const PkeyPtr key(X509_REQ_get_pubkey(request.get()));
  if (!key ||
      X509_REQ_verify_ex(request.get(), key.get(), crypto::library_context(), nullptr) != 1) {
    (void)crypto::openssl_reason();
    throw problems::bad_value("The request's own signature does not fit its key.");
  }
  if (has_weak_digest(request.get()))
    throw problems::bad_value("The request is signed with a digest that is no longer safe.");
  CertificateRequest read{
      .der = copy_of(der),
      .public_key = crypto::der_of(X509_REQ_get_X509_PUBKEY(request.get()), i2d_X509_PUBKEY),
      .key = {},
      .subject = crypto::der_of(X509_REQ_get_subject_name(request.get()), i2d_X509_NAME)};
  read.key = to_hex(crypto::sha256(read.public_key));
  return read;
}

void expect_authentication_key(const CertificateRequest& request) {
  const PkeyPtr key = public_key_in(request);
  if (key && (is_on_p256(key.get()) || is_strong_rsa(key.get()))) return;
  throw problems::bad_value(
      "An authentication key is on P-256, or of RSA with 2048 bits at least.");
}

void expect_sealing_key(const CertificateRequest& request) {
  const PkeyPtr key = public_key_in(request);
  if (key && (is_strong_curve(key.get()) || is_strong_rsa(key.get()))) return;
  throw problems::bad_value(
      "A sealing key is of RSA with 2048 bits at least, or on a curve with 256 bits at least.");
}

SealedRequest read_sealed_request(ByteView der) {
  const auto source = cms::Source::of(der);
  const auto message = cms::read_signed_data(source);
  if (!message) throw no_sealed_request(message.error().sentence);
  const Bytes content = sealed_content(source, message.value());
  const cms::Verdict verdict = verdict_on(message.value().parts, content);
  if (!verdict.certificate_found) throw no_sealed_request("the signer's certificate is not in it");
  if (!verdict.digest_matches || !verdict.signature_matches)
    throw problems::bad_value("The seal does not fit the request.");
  return {read_request(content), verdict.certificate};
}

}  // namespace signet::sealserver
