// One signer's part of a CMS SignedData (RFC 5652, 5.3): the attributes that are signed, as CAdES baseline signatures have
// them (EN 319 122-1, 5.2 and 6.3), and the SignerInfo around the finished signature.
//
// Written by hand because OpenSSL 3.0 can neither leave out signing-time nor sign with Ed25519 (RFC 8419), and because what
// is signed must be told before there is a signature.
#ifndef SIGNET_CRYPTO_CMS_SIGNER_INFO_H_
#define SIGNET_CRYPTO_CMS_SIGNER_INFO_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm_table.h"

namespace signet::cms {

// PSS: MGF1 with the same hash, salt as long as the digest (RFC 4056). EdDSA: SHA-512 (RFC 8419, 3.1).
struct Algorithm {
  crypto::Scheme scheme = crypto::Scheme::rsa_pkcs1;
  crypto::Hash hash = crypto::Hash::sha256;

  bool operator==(const Algorithm&) const = default;
};

// Dotted form to DER OBJECT IDENTIFIER; empty where it is none.
Bytes encode_oid(const std::string& dotted);

// DER AlgorithmIdentifier of a hash, without parameters (RFC 5754, 2).
Bytes encode_hash(crypto::Hash hash);

inline constexpr std::uint8_t kOidData[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                            0xF7, 0x0D, 0x01, 0x07, 0x01};

struct SignaturePolicy {
  std::string oid;  // dotted
  crypto::Hash hash = crypto::Hash::sha256;
  Bytes digest;     // of the policy document
  std::string uri;  // SPuri; may be empty
};

// What is signed beside the content's digest. Optional parts are left out where they are empty.
struct SignedAttributes {
  Bytes content_type = Bytes(std::begin(kOidData), std::end(kOidData));  // DER
  Bytes digest;                                                          // of the content
  std::optional<std::chrono::system_clock::time_point> signing_time;     // PAdES has none
  Bytes certificate;                                                     // the signer's, DER
  // signing-certificate-v2's hash; SHA-256 is what most readers expect.
  crypto::Hash certificate_hash = crypto::Hash::sha256;
  std::string commitment;  // commitment-type-indication, dotted (EN 319 122-1, 5.2.3)
  std::optional<SignaturePolicy> policy;  // signature-policy-identifier (5.2.9)
  std::string country;                    // signer-location (5.2.5): countryName, localityName
  std::string locality;
  std::string media_type;  // mime-type (5.2.4.3): "application/xml"
  std::string file_name;   // content-hints (5.2.4.1): contentDescription

  // DER SET OF Attribute, tag 31: its digest, or for EdDSA itself, is what the key signs. Empty where the certificate
  // cannot be read.
  Bytes encode() const;
};

// DER SignerInfo, version 1. `attributes`: what encode() gave. `signature`: as X.509 carries it (ECDSA in DER).
// `unsigned_attributes`: whole attributes in DER, in any order; none: the field is left out.
Bytes encode_signer_info(const Algorithm& algorithm, ByteView certificate, ByteView attributes,
                         ByteView signature, const std::vector<Bytes>& unsigned_attributes);

// The same SignerInfo with one more unsigned attribute behind those that it has; every other byte but the lengths stays as it
// is. `signer_info` is what parse_signer() takes.
Bytes with_unsigned_attribute(ByteView signer_info, ByteView attribute);

// The attribute signature-time-stamp (EN 319 122-1, 5.3) around a token (RFC 3161, a ContentInfo).
Bytes signature_time_stamp(ByteView token);

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_SIGNER_INFO_H_
