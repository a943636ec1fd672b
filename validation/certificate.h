// An X.509 certificate as validation reads it: parsed once, then immutable and shared.
#ifndef SIGNET_VALIDATION_CERTIFICATE_H_
#define SIGNET_VALIDATION_CERTIFICATE_H_

#include <openssl/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "common/mutex.h"
#include "common/result.h"
#include "crypto/openssl_ptr.h"
#include "validation/object_id.h"
#include "validation/statement.h"

namespace signet::validation {

class Certificate;
using CertificatePtr = std::shared_ptr<const Certificate>;

class Certificate {
 public:
  // Of one certificate and nothing behind it, of at most 1 MiB; the error is a sentence.
  static Result<CertificatePtr, std::string> parse(ByteView der);

  const Bytes& der() const { return der_; }
  const ObjectId& id() const { return id_; }
  const ObjectId& key_id() const { return key_id_; }  // of public_key()
  // Digests that others name it by: certificate references, CertIDs of OCSP. `hash`: a name or a dotted object identifier that
  // OpenSSL knows; empty where it has no such hash. Computed once for each, since any number of them may be asked for and
  // compared, and a certificate may have 1 MiB. Any number of threads may ask.
  enum class Part : std::uint8_t { whole, subject, issuer, key_bits };
  const Bytes& digest(Part part, const std::string& hash) const;
  // In crypto::library_context(); its lazy caches are filled, so any number of threads may read it.
  X509* x509() const { return x509_.get(); }

  // DER Names, and for people as in RFC 2253.
  const Bytes& subject() const { return subject_; }
  const Bytes& issuer() const { return issuer_; }
  std::string subject_text() const;
  std::string issuer_text() const;
  // commonName, else organizationName, else subject_text(): what a report calls it.
  std::string short_name() const;

  const Bytes& serial_number() const { return serial_; }  // content of the INTEGER
  std::string serial_text() const;                        // hexadecimal, as openssl x509 -serial
  const Bytes& public_key() const { return spki_; }       // DER SubjectPublicKeyInfo
  const Bytes& signature_algorithm() const { return signature_algorithm_; }  // DER
  // What its issuer signed (the TBSCertificate, DER) and the signature; views into der().
  ByteView to_be_signed() const { return to_be_signed_; }
  ByteView signature() const { return signature_; }
  const Bytes& key_identifier() const {
    return key_identifier_;
  }  // subjectKeyIdentifier; may be empty
  const Bytes& authority_key_identifier() const { return authority_key_identifier_; }  // likewise

  // RFC 5280, 4.1.2.5: both moments are within.
  Time not_before() const { return not_before_; }
  Time not_after() const { return not_after_; }
  bool is_within_validity(Time time) const { return not_before_ <= time && time <= not_after_; }

  bool is_ca() const { return is_ca_; }
  bool is_self_issued() const { return subject_ == issuer_; }

  // As RFC 5280, 7.1, compares names: other string types, case and spaces do not matter.
  bool has_name(ByteView issuer, ByteView serial) const;        // a DER Name; content of an INTEGER
  bool has_subject_of_issuer(const Certificate& issued) const;  // issued.issuer() is our subject()
  std::uint32_t subject_hash() const { return subject_hash_; }  // equal names have equal hashes
  std::uint32_t issuer_hash() const { return issuer_hash_; }

  // Where its issuer's certificate and its revocation data can be fetched: http and https only, as they stand; at most 16 of each,
  // of at most 2,048 characters.
  const std::vector<std::string>& issuer_urls() const { return issuer_urls_; }  // caIssuers
  const std::vector<std::string>& ocsp_urls() const { return ocsp_urls_; }
  const std::vector<std::string>& crl_urls() const { return crl_urls_; }
  // An OCSP responder's with id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1): of it nobody asks whether it is revoked.
  bool has_ocsp_nocheck() const { return has_ocsp_nocheck_; }
  // ext-etsi-valassured-ST-certs (EN 319 412-1, 5.2), or noRevAvail (RFC 9608): likewise.
  bool is_short_term() const { return is_short_term_; }

 private:
  Certificate() = default;

  ByteView bytes_of(Part part) const;

  Bytes der_;
  ObjectId id_, key_id_;
  X509Ptr x509_;
  Bytes subject_, issuer_, serial_, spki_, signature_algorithm_;
  Bytes key_identifier_, authority_key_identifier_;
  ByteView to_be_signed_, signature_;
  std::uint32_t subject_hash_ = 0, issuer_hash_ = 0;
  Time not_before_, not_after_;
  bool is_ca_ = false, has_ocsp_nocheck_ = false, is_short_term_ = false;
  std::vector<std::string> issuer_urls_, ocsp_urls_, crl_urls_;
  mutable Mutex mutex_;
  mutable std::map<std::pair<Part, std::string>, Bytes> digests_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CERTIFICATE_H_
