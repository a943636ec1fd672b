// For tests: keys and certificates of any dates, extensions and algorithms, right or wrong ones.
//
//   const pki::Party root = pki::root(pki::authority("Root"));
//   const pki::Party ca = pki::issue(root, pki::authority("CA"));
//   pki::CertificateWish wish = pki::signer("Seal");
//   wish.not_after = pki::at("2014-01-01");
//   const pki::Party seal = pki::issue(ca, wish);
//
// CRLs and OCSP answers: test_revocation.h. Messages, tokens and parts of documents: test_messages.h. What cannot be made is a
// mistake of the test: std::runtime_error.
#ifndef SIGNET_VALIDATION_TESTING_TEST_PKI_H_
#define SIGNET_VALIDATION_TESTING_TEST_PKI_H_

#include <openssl/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "validation/certificate.h"
#include "validation/statement.h"

namespace signet::validation::pki {

// "2012-03-01" or "2012-03-01T12:00:00Z".
Time at(std::string_view text);
// Written as 99991231235959Z, and read as this.
inline constexpr Time kNoEnd = std::chrono::floor<std::chrono::seconds>(Time::max());

enum class KeyKind : std::uint8_t {
  rsa1024,
  rsa2048,
  rsa3072,
  p256,
  p384,
  p521,
  brainpool256,
  ed25519,
  ed448,
  dsa1024,
  dsa2048,
};

struct Key {
  KeyKind kind = KeyKind::p256;
  EVP_PKEY* pkey = nullptr;  // lives until the process ends
  Bytes public_key;          // DER SubjectPublicKeyInfo
  Bytes identifier;          // SHA-1 of the key's bits (RFC 5280, 4.2.1.2, method 1)
};
// Made once for each kind and name for the whole test program.
const Key& key(KeyKind kind, const std::string& name);

// How a signature is made. Ed25519 and Ed448 look at none of it.
struct SignatureWish {
  crypto::Hash hash = crypto::Hash::sha256;
  bool md5 = false;                            // in place of `hash`; RSA
  bool pss = false;                            // RSA
  crypto::Hash mgf_hash = crypto::Hash::none;  // PSS; none: the same as `hash`
  std::optional<int> salt_length = {};         // PSS; nothing: the size of the digest
};
Bytes signature_algorithm(const Key& key, const SignatureWish& wish = {});  // AlgorithmIdentifier
Bytes sign(const Key& key, const SignatureWish& wish, ByteView message);
// SEQUENCE { to-be-signed, AlgorithmIdentifier, BIT STRING }: certificates and CRLs.
Bytes signed_structure(const Key& key, const SignatureWish& wish, ByteView to_be_signed);
Bytes digest(crypto::Hash hash, ByteView data);

// DER pieces.
Bytes oid(const std::string& dotted);
Bytes integer(std::int64_t value);
Bytes boolean(bool value);
Bytes time(Time time);              // Time of RFC 5280: UTCTime until 2049
Bytes generalized_time(Time time);  // whole seconds
Bytes name(std::string_view common_name, std::string_view organization = "Test");  // Name
Bytes general_names_uri(const std::vector<std::string>& urls);  // content of GeneralNames
Bytes hash_algorithm(crypto::Hash hash);                        // AlgorithmIdentifier

struct Extension {
  std::string oid;  // dotted
  Bytes value;      // DER
  bool critical = false;
};
Bytes encode(const Extension& extension);
Bytes encode(const std::vector<Extension>& extensions);  // Extensions; empty where there are none

Extension basic_constraints(bool ca, std::optional<int> path_length = {});
// Bits of RFC 5280, 4.2.1.3: 0 digitalSignature, 1 nonRepudiation, 5 keyCertSign, 6 cRLSign.
Extension key_usage(const std::vector<unsigned>& bits);
Extension extended_key_usage(const std::vector<std::string>& purposes, bool critical);
Extension subject_key_identifier(const Key& key);
Extension authority_key_identifier(const Key& key);
Extension crl_distribution_points(const std::vector<std::string>& urls);
// A distribution point whose CRL another one signs (cRLIssuer), with the names of a CRL's own distribution point.
Extension crl_distribution_point_of(const std::vector<std::string>& urls, const Bytes& crl_issuer);
Extension authority_information(const std::vector<std::string>& ocsp,
                                const std::vector<std::string>& issuers);
Extension ocsp_nocheck();
Extension short_term();                              // ext-etsi-valassured-ST-certs
Extension permitted_dns(const std::string& domain);  // nameConstraints, critical
Extension subject_alternative_dns(const std::string& host);
Extension require_explicit_policy(int skip_certificates);  // policyConstraints, critical
// policyMappings: each pair from the issuer's to the subject's.
Extension policy_mappings(const std::vector<std::pair<std::string, std::string>>& pairs);
Extension certificate_policies(const std::vector<std::string>& oids);
Extension unknown_extension(bool critical);

inline constexpr const char* kTimeStamping = "1.3.6.1.5.5.7.3.8";
inline constexpr const char* kOcspSigning = "1.3.6.1.5.5.7.3.9";

struct CertificateWish {
  std::string name = "Test";
  std::optional<Bytes> subject;  // DER Name in place of `name`
  KeyKind key = KeyKind::p256;
  std::string key_name;  // empty: as `name`
  Time not_before = at("2010-01-01");
  Time not_after = at("2040-01-01");
  std::optional<Bytes> serial;  // content of the INTEGER; nothing: one that no other has
  SignatureWish signature;      // of the issuer
  bool key_identifiers = true;  // subjectKeyIdentifier, authorityKeyIdentifier
  std::vector<Extension> extensions;
};

CertificateWish authority(const std::string& name);     // CA: keyCertSign, cRLSign
CertificateWish signer(const std::string& name);        // digitalSignature, nonRepudiation
CertificateWish time_stamper(const std::string& name);  // extended key usage, critical
CertificateWish responder(const std::string& name);     // OCSP, with nocheck

// A certificate and its key.
struct Party {
  CertificatePtr certificate;
  const Key* key = nullptr;

  const Bytes& der() const { return certificate->der(); }
};

Party root(const CertificateWish& wish);  // self-signed
Party issue(const Party& issuer, const CertificateWish& wish);
// The DER alone, which need not be one that Certificate::parse() takes.
Bytes certificate_der(const Key& issuer_key, ByteView issuer_name, const CertificateWish& wish);

}  // namespace signet::validation::pki

#endif  // SIGNET_VALIDATION_TESTING_TEST_PKI_H_
