// A time-stamp token (RFC 3161, 2.4.2): a CMS SignedData around a TSTInfo, as values.
#ifndef SIGNET_TIMESTAMPS_TOKEN_H_
#define SIGNET_TIMESTAMPS_TOKEN_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/context.h"

namespace signet::timestamps {

// An answer is not larger. With a chain of four certificates of 4,096-bit RSA it has 8 KiB; signatures of
// hash-based or lattice keys would add up to 50 KiB. A token in a document may be larger: revocation values can be added to
// it. Bytes.
inline constexpr std::size_t kLargestAnswer = std::size_t{64} * 1024;

// Which condition a time-stamp fails. Each is found on its own; the first is told.
enum class Defect {
  malformed,       // it cannot be read as what it should be
  rejected,        // PKIStatus is neither granted nor grantedWithMods (2.4.2)
  imprint,         // it is for another digest
  nonce,           // another one than was sent, or none
  policy,          // another one than was asked for
  signers,         // not exactly one SignerInfo (2.4.2)
  no_certificate,  // the signer's certificate is not in it
  key_purpose,     // extended key usage: not id-kp-timeStamping alone, or not critical (2.3)
  certificate_id,  // ESSCertID or ESSCertIDv2 is lacking or names another certificate (2.4.2, RFC 5816)
  signed_attributes,  // content-type or message-digest: lacking, twice, or of other content (RFC 5652, 5.3)
  algorithm,          // unknown, SHA-1, or not what the key is for
  signature,          // it does not verify
  time,               // genTime is too far from our clock
  chain,              // the signer does not chain to what is trusted, at genTime
};

struct TokenError {
  Defect defect = Defect::malformed;
  std::string sentence;  // for people; printable
};

struct TimeStampToken {
  Bytes der;  // a ContentInfo, byte for byte as it came; what is embedded in a signature

  std::chrono::system_clock::time_point time;  // genTime, with its fraction of a second
  std::string time_text;                       // as it stands in the token: "20260301120000.25Z"
  std::string policy;                          // "1.3.6.1.4.1.32473.1"
  Bytes serial;                                // big-endian, without leading zeros; of 0 one byte
  crypto::Hash hash = crypto::Hash::none;      // of the imprint; none: one that is not known here
  std::string hash_oid;                        // in dotted form
  Bytes imprint;
  std::optional<Bytes> nonce;                         // as StampRequest::nonce
  std::optional<std::chrono::microseconds> accuracy;  // either way
  bool ordering = false;
  std::string authority;  // the field tsa: a name in RFC 2253; empty: none

  std::vector<Bytes> certificates;  // DER, in the token's order
  std::optional<Bytes> signer;      // the one of these that the SignerInfo names

  // What the check of the signature reads (RFC 5652, 5.3).
  struct SignerInfo {
    Bytes digest_algorithm;     // DER OBJECT IDENTIFIER
    Bytes signature_algorithm;  // DER AlgorithmIdentifier
    Bytes signed_attributes;    // DER SET OF, as it is signed; empty: none
    Bytes signature;
    bool digest_announced = false;  // SignedData.digestAlgorithms has digest_algorithm (5.1)
  };
  SignerInfo signer_info;
  Bytes content;  // the TSTInfo, which is signed
};

// Of a ContentInfo and nothing behind it, DER or BER, of any size. Only its form is checked; the context is for OpenSSL's
// parsers. `others`: certificates of which one may be the signer's where the token lacks it. Malformed, or signers;
// std::bad_alloc where memory is lacking.
Result<TimeStampToken, TokenError> parse_token(const std::shared_ptr<crypto::Context>& context,
                                               ByteView der, const std::vector<Bytes>& others = {});

// Of a whole TimeStampResp (2.4.2) of at most kLargestAnswer. Malformed, rejected (the sentence has the PKIFailureInfo in
// words and what the authority says), or signers.
Result<TimeStampToken, TokenError> parse_answer(const std::shared_ptr<crypto::Context>& context,
                                                ByteView der);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_TOKEN_H_
