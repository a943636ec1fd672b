// A CMS AuthEnvelopedData (RFC 5083) for one recipient: AES-256-GCM (RFC 5084) around a content, whose key is wrapped for a
// key on P-256 (ECDH, RFC 5753: dhSinglePass-stdDH-sha256kdf, id-aes256-wrap) or encrypted for an RSA key (OAEP, RFC 3560).
// The recipient is named by its subjectKeyIdentifier.
//
// Whoever knows the public key can make one: what is inside is secret, but from anybody.
//
// Written by hand because OpenSSL writes one for a certificate only, and reads none whose private key is on a token.
#ifndef SIGNET_CRYPTO_CMS_ENVELOPED_DATA_H_
#define SIGNET_CRYPTO_CMS_ENVELOPED_DATA_H_

#include <openssl/types.h>

#include <functional>
#include <string>

#include "common/bytes.h"
#include "common/result.h"
#include "common/secret.h"
#include "crypto/algorithm.h"

namespace signet::cms {

// Of a whole message that is read, and of a content that is written.
inline constexpr std::size_t kMostEnveloped = std::size_t{1024} * 1024;

struct EnvelopeError {
  enum class Kind {
    malformed,      // no AuthEnvelopedData as above
    scheme,         // one of an algorithm that is not taken: SHA-1 in the key derivation, for one
    key_failed,     // the private key could not be used: `sentence` is what its owner said
    not_decrypted,  // made for another key, or changed
    unusable_key,   // nothing can be encrypted for this public key
    system,         // OpenSSL or the system's randomness fails
  };
  Kind kind = Kind::malformed;
  std::string sentence;  // whole; for people; never a secret
};

// Whose private half decrypts.
struct Recipient {
  Bytes public_key;           // DER SubjectPublicKeyInfo: on P-256, or RSA of 2048 bits and more
  Bytes key_identifier = {};  // empty: the SHA-1 of the key's bits (RFC 5280, 4.2.1.2, method 1)
  crypto::Hash oaep = crypto::Hash::sha256;  // RSA: of OAEP and its MGF1; sha1 or sha256
};

// DER. Errors: unusable_key, system; malformed for a content over kMostEnveloped.
Result<Bytes, EnvelopeError> encrypt_for(const Recipient& recipient, ByteView content);

// The two steps that need the private key, wherever that is; a key has one of them, the other is empty. The error is a whole
// sentence. software_key() gives them for a key in memory, pkcs11-client/decryption.h for one on a token.
struct DecryptionKey {
  // ECDH (SP 800-56A, 5.7.1.2) with a point of P-256: 65 bytes, 04 ‖ x ‖ y, whose being on the curve the key's owner
  // checks. Gives the 32 bytes of the shared x.
  std::function<Result<Secret, std::string>(ByteView point)> agree = {};
  // RSAES-OAEP with an empty label; `hash` is OAEP's and MGF1's.
  std::function<Result<Secret, std::string>(ByteView encrypted, crypto::Hash hash)> decrypt = {};
};

// `key`: on P-256, or RSA; one reference to it is held.
DecryptionKey software_key(EVP_PKEY* key);

// The content. The curve in the originator's key may be named or not. Errors: all but unusable_key.
Result<Secret, EnvelopeError> decrypt_with(const DecryptionKey& key, ByteView message);

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_ENVELOPED_DATA_H_
