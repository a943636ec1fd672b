// The keys of the stand-in appliance: in memory, and made when it starts.
#ifndef SIGNET_BENCH_STAND_IN_KEY_H_
#define SIGNET_BENCH_STAND_IN_KEY_H_

#include <openssl/types.h>

#include <memory>
#include <string>

#include "common/bytes.h"

namespace signet::bench {

// Its own, never the host's. Throws std::runtime_error where OpenSSL fails, as everything here.
class StandInKey {
 public:
  // `type`: "P-256", "P-384", or "RSA-2048" and other sizes. The label is the type.
  explicit StandInKey(const std::string& type);

  const std::string& label() const { return type_; }
  bool rsa() const { return rsa_; }

  // DER SubjectPublicKeyInfo.
  Bytes public_key() const;

  // One of the contract's keys in its list of objects, as JSON.
  std::string json(const std::string& id) const;

  const EVP_PKEY* get() const { return key_.get(); }

 private:
  friend class StandInSigner;

  std::string type_;
  bool rsa_;
  std::shared_ptr<EVP_PKEY> key_;
};

// Signs with a key again and again, by one thread. The operation is set up once.
class StandInSigner {
 public:
  explicit StandInSigner(const StandInKey& key);

  // Of a SHA-256 digest: PKCS#1 v1.5, or r‖s.
  Bytes sign(ByteView digest);

 private:
  bool rsa_;
  std::size_t half_ = 0;  // of r‖s, in bytes
  std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> context_;
  Bytes encoded_;  // the last signature as OpenSSL gives it
};

}  // namespace signet::bench

#endif  // SIGNET_BENCH_STAND_IN_KEY_H_
