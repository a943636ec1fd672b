// The activation file: what makes an installation a client of a seal server. It carries the client's new authentication
// key, encrypted for the key of one installation, and is signed by the key that registered the new one: the activation
// card's, or the key of a running client.
//
// "-----BEGIN SIGNET ACTIVATION-----" around a CMS SignedData with its content inside: a line of JSON that anybody may read
// (the header), and a CMS AuthEnvelopedData of the secret part, also JSON. The header's client, file id and time stand in
// the secret part as well, so that parts of two files do not fit together.
#ifndef SIGNET_SEAL_CLIENT_ACTIVATION_FILE_H_
#define SIGNET_SEAL_CLIENT_ACTIVATION_FILE_H_

#include <openssl/types.h>

#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "common/secret.h"
#include "crypto/openssl_ptr.h"
#include "pinning/pins.h"
#include "seal-client/passphrase_key.h"

namespace signet::sealclient {

inline constexpr std::size_t kMostActivationFile = std::size_t{256} * 1024;  // bytes

struct ServerPlace {
  std::string url;       // "https://host:port", without a slash at its end
  pinning::PinSet pins;  // live and backup; never empty

  bool operator==(const ServerPlace&) const = default;
};

struct ActivationHeader {
  std::string client;  // id at the seal server
  std::string file;    // id of this file, 32 hexadecimal digits
  std::string issued;  // RFC 3339 in UTC with milliseconds
  Bytes recipient;     // DER SubjectPublicKeyInfo of the installation key, on P-256
  std::optional<PassphraseKey> passphrase =
      {};  // the installation key itself; none: it is not in the file
};

struct Activation {
  std::string client;
  std::string file;
  std::string issued;
  std::string order;  // of the certificate, at the server: what is confirmed
  ServerPlace server;
  Secret key;                       // PKCS#8, on P-256
  std::vector<Bytes> certificates;  // DER, the key's own first; one at least
  std::vector<Bytes> sealing;       // DER, the sealing certificate first; one at least
  Bytes content_key_hash;           // SHA-256(K)
};

struct ActivationError {
  enum class Kind {
    unreadable,          // no activation file, or a piece of one
    changed,             // it is not as it was signed
    other_installation,  // made for another one
    passphrase,          // it needs one, or another one
    mixed,               // its parts are of different files
    system,              // OpenSSL or the system's randomness fails
  };
  Kind kind = Kind::unreadable;
  std::string sentence;  // whole; never a secret
};

template <typename T>
using ActivationResult = Result<T, ActivationError>;

// --- writing: the content is made here and signed by whoever has the key

// 16 random bytes in hexadecimal; empty where the system has none.
std::string new_file_id();

// What is to be signed: the header and the secret part, encrypted for header.recipient. Of `activation` client, file and
// issued are the header's.
ActivationResult<Bytes> activation_content(const ActivationHeader& header,
                                           const Activation& activation);

// The file's bytes around a CMS SignedData (DER) over that content.
std::string activation_text(ByteView signed_content);

// --- reading

struct SignedActivation {
  ActivationHeader header;
  Bytes encrypted;  // the secret part
  Bytes signer;     // DER certificate, which is not judged here
};

// Whole, and as it was signed.
ActivationResult<SignedActivation> read_activation(ByteView file);

// `installation_key` is the one for which the file was made, or the one under its passphrase.
ActivationResult<Activation> open_activation(const SignedActivation& file,
                                             EVP_PKEY* installation_key);

// Takes a quarter of a second and 128 MiB.
ActivationResult<PkeyPtr> installation_key_under(const SignedActivation& file,
                                                 const Secret& passphrase);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_ACTIVATION_FILE_H_
