// The cryptogram: the client's content key K, 256 random bits that are the same for all of its keys, as a CMS
// AuthEnvelopedData for one of them (crypto/cms/enveloped_data.h).
//
// Anybody who knows the public key can make a cryptogram. What makes K the right one is its SHA-256, which the enrolment
// puts on the card and each activation file carries: there is no way to open a cryptogram here without it.
#ifndef SIGNET_SEAL_CLIENT_CRYPTOGRAM_H_
#define SIGNET_SEAL_CLIENT_CRYPTOGRAM_H_

#include <string>

#include "common/bytes.h"
#include "common/result.h"
#include "common/secret.h"
#include "crypto/cms/enveloped_data.h"

namespace signet::sealclient {

inline constexpr std::size_t kContentKeySize = 32;  // bytes

// A new K.
Result<Secret, cms::EnvelopeError> new_content_key();

// SHA-256(K), by which a card or an activation file knows it.
Bytes content_key_hash(const Secret& content_key);

// For whom a cryptogram can be made, by a certificate (DER): a key on P-256 whose key usage has digitalSignature and
// keyAgreement, or an RSA key with digitalSignature and keyEncipherment. The subjectKeyIdentifier is the certificate's where
// it has one. The error is a whole sentence.
Result<cms::Recipient, std::string> recipient_of_certificate(ByteView certificate);

// DER. For a key without a certificate `recipient` has its public_key alone.
Result<Bytes, cms::EnvelopeError> make_cryptogram(const Secret& content_key,
                                                  const cms::Recipient& recipient);

struct CryptogramError {
  enum class Kind {
    key,       // the private key could not be used (PIN, token); it may go through the next time
    refused,   // not for this key, changed, or of a form or an algorithm that is not taken
    other_key  // it has another K than the one that is known: somebody else made it
  };
  Kind kind = Kind::refused;
  std::string sentence;
};

// K, where its SHA-256 is `hash` (32 bytes).
Result<Secret, CryptogramError> open_cryptogram(ByteView cryptogram, const cms::DecryptionKey& key,
                                                ByteView hash);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_CRYPTOGRAM_H_
