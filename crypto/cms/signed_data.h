// A CMS SignedData (RFC 5652, 5.1) as its parts, each in the bytes that it arrived in or was made of, and the bytes that
// go around the content. Nothing that is signed is ever decoded and encoded again: a signer, a certificate or a time-stamp
// is added by writing new lengths around bytes that stay as they are.
//
// Written by hand because no library writes definite lengths around a content that is not in memory, and OpenSSL orders
// again whatever was not DER.
#ifndef SIGNET_CRYPTO_CMS_SIGNED_DATA_H_
#define SIGNET_CRYPTO_CMS_SIGNED_DATA_H_

#include <cstdint>
#include <vector>

#include "common/bytes.h"

namespace signet::cms {

// Bytes in front of the content and behind it.
struct Frame {
  Bytes before;
  Bytes after;
};

struct SignedData {
  std::uint8_t version = 1;  // CMSVersion; encoded() raises it where the parts demand (5.1)
  std::vector<Bytes> digest_algorithms;  // DER AlgorithmIdentifier each
  Bytes content_type;                    // DER OBJECT IDENTIFIER
  std::vector<Bytes> certificates;       // DER CertificateChoices each
  std::vector<Bytes> revocations;        // DER RevocationInfoChoice each
  std::vector<Bytes> signers;            // DER SignerInfo each
  // As they were: of a message that is read, certificates and the like stay in the order that they have.
  bool in_order = false;

  // Adds what is not there yet.
  void add_certificate(ByteView der);
  void add_digest_algorithm(ByteView der);

  // The whole ContentInfo without the content (a detached, or external, signature). DER.
  Bytes detached() const;

  // Around a content of so many bytes. DER with definite lengths.
  Frame around(std::uint64_t content) const;

  // Around a content whose OCTET STRING is written as it stands somewhere, with its header: so many bytes in all. Every other
  // length is definite.
  Frame around_element(std::uint64_t element) const;

  // Around a content that is written as one OCTET STRING after the other, each with its header, in indefinite lengths (BER).
  Frame around_pieces() const;

 private:
  Bytes head() const;  // version, digest algorithms
  Bytes tail() const;  // certificates, revocations, signers
  std::uint8_t least_version() const;
};

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_SIGNED_DATA_H_
