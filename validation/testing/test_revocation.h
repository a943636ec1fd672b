// For tests: CRLs and OCSP answers.
#ifndef SIGNET_VALIDATION_TESTING_TEST_REVOCATION_H_
#define SIGNET_VALIDATION_TESTING_TEST_REVOCATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validation/testing/test_pki.h"

namespace signet::validation::pki {

struct CrlEntry {
  Bytes serial;  // content of the INTEGER
  Time revoked_at = at("2015-01-01");
  std::optional<int> reason = {};
  std::optional<Time> invalid_since = {};
  Bytes certificate_issuer;  // DER Name; empty: that of the entry before
  std::vector<Extension> extensions;
};

struct CrlWish {
  Time this_update = at("2016-01-01");
  std::optional<Time> next_update = at("2016-01-08");
  std::vector<CrlEntry> entries;
  std::optional<Time> expired_since;  // expiredCertsOnCRL
  std::vector<Extension> extensions;
  SignatureWish signature;
  std::optional<Bytes> issuer;  // DER Name; nothing: the signer's subject
};
// A CRLEntry of `certificate`.
CrlEntry entry_of(const Certificate& certificate, Time revoked_at, std::optional<int> reason = {});
Bytes crl(const Party& signer, const CrlWish& wish);
// With that many entries (serial numbers 0x10000000 and on) beside those of the wish.
Bytes large_crl(const Party& signer, const CrlWish& wish, std::size_t entries);

struct Scope {
  std::vector<std::string> urls;  // distributionPoint, fullName
  Bytes directory_name;           // DER Name, in fullName too; empty: none
  bool user_only = false;
  bool ca_only = false;
  bool attribute_only = false;
  bool indirect = false;
  std::vector<unsigned> reasons;  // onlySomeReasons: bits of ReasonFlags; empty: absent
};
Extension issuing_distribution_point(const Scope& scope);
Extension delta_crl(std::int64_t base_number);

struct OcspSingle {
  enum class Status : std::uint8_t { good, revoked, unknown };

  CertificatePtr certificate;
  CertificatePtr issuer;
  Status status = Status::good;
  Time this_update = at("2016-01-01");
  std::optional<Time> next_update = at("2016-01-02");
  Time revoked_at = at("2015-01-01");
  std::optional<int> reason = {};
  crypto::Hash id_hash = crypto::Hash::sha1;  // of the CertID
  std::optional<Time> archive_cutoff;
  std::vector<Extension> extensions;
};

struct OcspWish {
  std::optional<Time> produced_at;  // nothing: the first answer's thisUpdate
  std::vector<OcspSingle> answers;
  bool by_key = false;              // responderID
  std::vector<Bytes> certificates;  // the responder's own is added where `with_certificate` is set
  bool with_certificate = true;
  bool with_nonce = false;
  std::vector<Extension> extensions;
  SignatureWish signature;
};
OcspSingle good(const Party& certificate, const Party& issuer, Time this_update,
                std::optional<Time> next_update);
Bytes basic_ocsp(const Party& responder, const OcspWish& wish);  // BasicOCSPResponse
Bytes ocsp(const Party& responder, const OcspWish& wish);        // OCSPResponse, successful
Bytes ocsp_refusal(int status);  // OCSPResponse without an answer: 3 tryLater

}  // namespace signet::validation::pki

#endif  // SIGNET_VALIDATION_TESTING_TEST_REVOCATION_H_
