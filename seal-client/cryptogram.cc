#include "seal-client/cryptogram.h"

#include <openssl/x509v3.h>

#include <utility>

#include "crypto/aes_gcm.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"

namespace signet::sealclient {

namespace {

using CryptogramKind = CryptogramError::Kind;

// Of those that RFC 5280, 4.2.1.3 names; a certificate without the extension has all of them.
bool has_usage(X509* certificate, std::uint32_t wanted) {
  return (X509_get_key_usage(certificate) & wanted) == wanted;
}

}  // namespace

Result<Secret, cms::EnvelopeError> new_content_key() {
  auto key = crypto::new_aes_key();
  if (!key)
    return cms::EnvelopeError{.kind = cms::EnvelopeError::Kind::system,
                              .sentence = "The system has no randomness."};
  return *std::move(key);
}

Bytes content_key_hash(const Secret& content_key) {
  return crypto::sha256(content_key.reveal());
}

Result<cms::Recipient, std::string> recipient_of_certificate(ByteView certificate) {
  const X509Ptr read = crypto::certificate_of(certificate);
  if (!read) return "This is no certificate.";
  cms::Recipient recipient{.public_key = crypto::public_key_of(read.get())};
  const EVP_PKEY* const key = X509_get0_pubkey(read.get());
  const bool rsa = key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1;
  if (rsa && !has_usage(read.get(), KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT))
    return "The certificate's key usage must have digitalSignature and keyEncipherment.";
  if (!rsa && !has_usage(read.get(), KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT))
    return "The certificate's key usage must have digitalSignature and keyAgreement.";
  const ASN1_OCTET_STRING* const identifier = X509_get0_subject_key_id(read.get());
  if (identifier != nullptr)
    recipient.key_identifier = copy_of({ASN1_STRING_get0_data(identifier),
                                        static_cast<std::size_t>(ASN1_STRING_length(identifier))});
  return recipient;
}

Result<Bytes, cms::EnvelopeError> make_cryptogram(const Secret& content_key,
                                                  const cms::Recipient& recipient) {
  return cms::encrypt_for(recipient, content_key.reveal());
}

Result<Secret, CryptogramError> open_cryptogram(ByteView cryptogram, const cms::DecryptionKey& key,
                                                ByteView hash) {
  auto content_key = cms::decrypt_with(key, cryptogram);
  if (!content_key) {
    const cms::EnvelopeError& error = content_key.assume_error();
    const bool passing = error.kind == cms::EnvelopeError::Kind::key_failed ||
                         error.kind == cms::EnvelopeError::Kind::system;
    return CryptogramError{.kind = passing ? CryptogramKind::key : CryptogramKind::refused,
                           .sentence = error.sentence};
  }
  const Secret& opened = content_key.assume_value();
  if (opened.size() != kContentKeySize || !equal(content_key_hash(opened), hash))
    return CryptogramError{
        .kind = CryptogramKind::other_key,
        .sentence =
            "The cryptogram has another content key than the one of the enrolment: it was "
            "not made by the registration authority or by a machine of this client."};
  return std::move(content_key).assume_value();
}

}  // namespace signet::sealclient
