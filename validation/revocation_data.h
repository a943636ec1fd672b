// A CRL (RFC 5280, 5) or an OCSP answer (RFC 6960, 4.2.1) as validation reads it. A CRL of a million entries is never turned into
// a million objects: an entry of its list is found and read in its bytes.
#ifndef SIGNET_VALIDATION_REVOCATION_DATA_H_
#define SIGNET_VALIDATION_REVOCATION_DATA_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/mutex.h"
#include "common/result.h"
#include "validation/certificate.h"
#include "validation/object_id.h"

namespace signet::validation {

enum class RevocationKind : std::uint8_t { crl, ocsp };

// What it says of one certificate.
struct RevocationStatus {
  enum class Kind : std::uint8_t { good, revoked, on_hold, unknown };

  Kind kind = Kind::unknown;
  Time this_update{};
  std::optional<Time> next_update;    // absent also where it says 9999-12-31
  std::optional<Time> revoked_at;     // revoked, on_hold: revocationDate, which decides
  std::optional<Time> invalid_since;  // likewise: invalidityDate (RFC 5280, 5.3.2), which warns
  std::optional<int> reason;          // reasonCode where it is present (RFC 5280, 5.3.1)
  // It has a digest of the certificate itself (certHash, Common PKI 2.0, 4, 3.1.2): who answers so has it on record, ended or
  // not.
  bool knows_certificate = false;
};

class RevocationData;
using RevocationDataPtr = std::shared_ptr<const RevocationData>;

class RevocationData {
 public:
  // At most 64 MiB. Of an OCSP answer the whole OCSPResponse or the BasicOCSPResponse alone, which is what CMS carries. Delta
  // CRLs, and critical extensions that are not known here, are refused. The error is a sentence.
  static Result<RevocationDataPtr, std::string> parse_crl(Bytes der);
  static Result<RevocationDataPtr, std::string> parse_ocsp(Bytes der);
  virtual ~RevocationData() = default;

  RevocationKind kind() const { return kind_; }
  const Bytes& der() const { return der_; }
  const ObjectId& id() const { return id_; }
  const Bytes& signature_algorithm() const { return signature_algorithm_; }  // DER
  // When it was made: thisUpdate, or an OCSP answer's producedAt.
  Time issued() const { return issued_; }
  // Certificates that it brings along (OCSP).
  const std::vector<CertificatePtr>& certificates() const { return certificates_; }
  // How a report calls it: "CRL of CN=… of 2026-11-27T12:00:00Z".
  Statement name() const;

  // Whether `signer` may sign it for certificates of this issuer (CRL: the issuer itself or an indirect CRL's; OCSP: the issuer,
  // or a responder that the issuer made one, RFC 6960, 4.2.2.2) and did. The signature is computed once for each key, and for at
  // most 16 of them. Any number of threads may ask.
  virtual bool is_signed_by(const Certificate& signer, const Certificate& issuer) const = 0;

  // What it says of `certificate`, which `issuer` issued; nothing where that is out of its scope (distribution points, reasons,
  // other issuers, another CertID).
  virtual std::optional<RevocationStatus> status_of(const Certificate& certificate,
                                                    const Certificate& issuer) const = 0;

  // From when on ended certificates stay in it: expiredCertsOnCRL (X.509, 9.5.2.2), archive cutoff (RFC 6960, 4.4.4); nothing:
  // it does not say.
  std::optional<Time> keeps_ended_since() const { return keeps_ended_since_; }

 protected:
  RevocationData(RevocationKind kind, Bytes der);

  // Whether the signature is one by this key; remembered for each key.
  bool verifies_with(const Certificate& signer) const;

  RevocationKind kind_;
  Bytes der_;
  ObjectId id_;
  Bytes signature_algorithm_;
  ByteView to_be_signed_, signature_;  // into der_
  std::string issuer_text_;            // whose it is, for people
  Time issued_{};
  std::vector<CertificatePtr> certificates_;
  std::optional<Time> keeps_ended_since_;

 private:
  mutable Mutex mutex_;
  mutable std::map<ObjectId, bool> verified_ SIGNET_GUARDED_BY(mutex_);  // by the key's SHA-256
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REVOCATION_DATA_H_
