// Checks of the DER that an appliance sends, in an OpenSSL library context of our own: the host
// program's providers and configuration have no say in it.
#ifndef SIGNET_DSA_TRANSPORT_DER_CHECK_H_
#define SIGNET_DSA_TRANSPORT_DER_CHECK_H_

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "common/bytes.h"
#include "dsa-transport/appliance.h"

struct ossl_lib_ctx_st;

namespace signet::transport {

// Thread-safe. What was found good is remembered byte for byte: OpenSSL takes a tenth of a millisecond for a key, and
// a list of objects is read again and again with the same ones.
class DerCheck {
 public:
  DerCheck();
  ~DerCheck();
  DerCheck(const DerCheck&) = delete;
  DerCheck& operator=(const DerCheck&) = delete;

  struct PublicKey {
    KeyType type = KeyType::rsa;
    unsigned bits = 0;  // RSA modulus; 0 otherwise
    Curve curve = Curve::p256;
  };

  // What a SubjectPublicKeyInfo holds; nothing where it is not exactly one of a type we know.
  std::optional<PublicKey> public_key(ByteView spki) const;

  bool is_certificate(ByteView der) const;

  // Whether the certificate is over this SubjectPublicKeyInfo, whatever its encoding.
  bool certifies(ByteView certificate, ByteView spki) const;

 private:
  static constexpr std::size_t kMostRemembered = 16'384;  // of each kind; then it begins anew

  std::optional<PublicKey> parse_public_key(ByteView spki) const;
  bool parse_and_compare(ByteView certificate, ByteView spki) const;

  ossl_lib_ctx_st* context_;
  mutable std::mutex mutex_;  // held only to look and to note
  mutable std::unordered_map<std::string, PublicKey> keys_;
  mutable std::unordered_set<std::string> certificates_;
  mutable std::unordered_map<std::string, std::string> certified_;  // a certificate's key
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_DER_CHECK_H_
