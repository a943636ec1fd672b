// A remote signature appliance as the rooms above see it: accounts, keys, certificates, signatures. Neither
// PKCS#11 nor any wire format shows here; a dialect (REST v1 today) implements this interface.
#ifndef SIGNET_DSA_TRANSPORT_APPLIANCE_H_
#define SIGNET_DSA_TRANSPORT_APPLIANCE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"
#include "common/secret.h"
#include "crypto/algorithm.h"
#include "dsa-transport/appliance_error.h"
#include "dsa-transport/counters.h"

namespace signet::config {
struct TokenConfig;
}

namespace signet::transport {

using crypto::Curve;
using crypto::Hash;  // `none`: the bytes to sign are taken as they are
using crypto::KeyType;
using crypto::Scheme;

struct KeySpec {
  KeyType type = KeyType::rsa;
  unsigned bits = 0;          // RSA modulus; 0 otherwise
  Curve curve = Curve::p256;  // not RSA
  Bytes label;                // any bytes
  Bytes cka_id;               // any bytes, at most 64
};

struct KeyInfo {
  std::string id;  // container GUID, stable on both members of a pair
  Bytes label;
  Bytes cka_id;
  KeyType type = KeyType::rsa;
  unsigned bits = 0;  // RSA modulus; 0 otherwise
  Curve curve = Curve::p256;
  Bytes public_key;  // DER SubjectPublicKeyInfo, checked to agree with type, bits and curve
  std::chrono::system_clock::time_point created_at;
  bool active = true;  // false: disabled, cannot sign
};

struct CertificateInfo {
  std::string id;
  Bytes label;
  Bytes cka_id;
  Bytes der;           // checked to be one X.509 certificate
  std::string key_id;  // id of the key with the equal public key; empty for an issuer's
};

struct ApplianceInfo {
  struct Version {
    unsigned major = 0;
    unsigned minor = 0;
  };
  std::string manufacturer;
  std::string model;
  std::string serial_number;
  Version firmware;
  Version hardware;
  std::string cluster_id;
  std::size_t max_digests_per_request = 1;
  std::vector<unsigned> rsa_bits;
  std::vector<Curve> curves;  // Ed25519 among them
  std::vector<Scheme> algorithms;
  std::vector<Hash> hashes;
  bool raw_pkcs1 = false;  // signs Hash::none with Scheme::rsa_pkcs1
  std::optional<std::chrono::system_clock::time_point> clock;  // its own, when it answered
};

enum class SignCredential { none, password, one_time_password };

struct AccountInfo {
  std::string user;
  std::string common_name;
  bool administrator = false;
  SignCredential sign_credential = SignCredential::none;
  std::optional<std::chrono::system_clock::time_point> password_expires_at;
};

struct ObjectSet {
  std::vector<KeyInfo> keys;
  std::vector<CertificateInfo> certificates;
  std::string etag;  // opaque; names this state of the whole set
};

// Who asks. Sent only over a connection whose pin was checked.
struct Credential {
  std::string user;
  Secret password;
};

struct SignRequest {
  std::string key_id;
  Scheme algorithm = Scheme::rsa_pkcs1;
  Hash hash = Hash::sha256;
  std::size_t salt_length = 0;  // PSS only, in bytes
  std::vector<Bytes> digests;   // 1 to max_digests_per_request
  std::optional<Secret> sign_password;
  std::string reference;  // free text for the appliance's journal
};

struct Signatures {
  std::vector<Bytes>
      values;  // one a digest, in their order; ECDSA: r and s, each of the order's size
  // For complaints about a signature that does not verify; may be empty.
  std::string request_id;
  std::string member = {};  // URL of the one that answered
};

// Thread-safe. Every call returns by its deadline. No call is repeated with another effect: a retry carries
// the same idempotency key.
class Appliance {
 public:
  virtual ~Appliance() = default;

  virtual Answer<ApplianceInfo> info(Deadline deadline) = 0;

  // Checks a password and tells what the account may do.
  virtual Answer<AccountInfo> account(const Credential& who, Deadline deadline) = 0;

  // The whole set, or nothing where it is still the one named by `known_etag` (empty: none known).
  virtual Answer<std::optional<ObjectSet>> objects(const Credential& who,
                                                   std::string_view known_etag,
                                                   Deadline deadline) = 0;

  // The signatures are of the right length but not verified; that is the caller's part.
  virtual Answer<Signatures> sign(const Credential& who, const SignRequest& request,
                                  Deadline deadline) = 0;

  virtual Answer<KeyInfo> generate_key(const Credential& who, const KeySpec& spec,
                                       Deadline deadline) = 0;

  // Changes what is given, keeps what is not.
  virtual Answer<KeyInfo> update_key(const Credential& who, const std::string& id,
                                     const std::optional<Bytes>& label,
                                     const std::optional<Bytes>& cka_id, Deadline deadline) = 0;

  // The key's certificates stay. Deleting what is gone already is no_such_object.
  virtual Answer<void> delete_key(const Credential& who, const std::string& id,
                                  Deadline deadline) = 0;

  // Storing the very same certificate again is a success and gives the one that is there.
  virtual Answer<CertificateInfo> import_certificate(const Credential& who, ByteView der,
                                                     const Bytes& label, const Bytes& cka_id,
                                                     Deadline deadline) = 0;

  virtual Answer<CertificateInfo> update_certificate(const Credential& who, const std::string& id,
                                                     const std::optional<Bytes>& label,
                                                     const std::optional<Bytes>& cka_id,
                                                     Deadline deadline) = 0;

  virtual Answer<void> delete_certificate(const Credential& who, const std::string& id,
                                          Deadline deadline) = 0;

  // The account's own password. `who` carries the old one.
  virtual Answer<void> change_password(const Credential& who, const Secret& new_password,
                                       Deadline deadline) = 0;

  // Another account's password; administrators only.
  virtual Answer<void> set_password(const Credential& administrator, const std::string& user,
                                    const Secret& new_password, Deadline deadline) = 0;

  // What was done so far; waits for nothing.
  virtual ApplianceFigures figures() const { return {}; }

  // Members, pins, client certificate and limits from now on. Calls under way end as they began;
  // idle connections that were made otherwise than is demanded now are closed.
  virtual void reconfigure(const config::TokenConfig& /*config*/) {}

  // In a child after fork(): closes this process's copies of the parent's connections without a lock and
  // without a byte sent. Nothing else may be called afterwards, not even the destructor.
  virtual void abandon() noexcept {}
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_APPLIANCE_H_
