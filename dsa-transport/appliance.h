// A remote signature appliance as the components above see it: accounts, keys, certificates, signatures. Neither
// PKCS#11 nor any wire format shows here; each dialect implements this interface.
#ifndef SIGNET_DSA_TRANSPORT_APPLIANCE_H_
#define SIGNET_DSA_TRANSPORT_APPLIANCE_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"
#include "common/secret.h"
#include "common/task.h"
#include "crypto/algorithm.h"
#include "dsa-transport/appliance_error.h"
#include "dsa-transport/counters.h"

namespace signet::transport {

using crypto::Curve;
using crypto::Hash;  // `none`: the bytes to sign are taken as they are
using crypto::KeyType;
using crypto::Scheme;

// Which request it was and who answered it: for the log, and for complaints. May be empty.
struct Trace {
  std::string request_id;
  std::string member = {};  // URL
};

// What a change has led to, with the trace of the change.
template <typename T>
struct Traced : T {
  Traced() = default;
  Traced(T value)
      : T(std::move(value)) {}  // NOLINT(google-explicit-constructor): as good as the value
  Trace trace;
};

struct KeySpec {
  KeyType type = KeyType::rsa;
  unsigned bits = 0;          // RSA modulus; 0 otherwise
  Curve curve = Curve::p256;  // not RSA
  Bytes label;                // any bytes
  Bytes cka_id;               // any bytes, at most 64
  // A UUID, under which the request can be made again (Appliance::repeatable_for()); empty: one of its own.
  std::string idempotency_key = {};
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
  bool raw_pkcs1 = false;         // signs Hash::none with Scheme::rsa_pkcs1
  bool stores_objects = true;     // makes, names and deletes keys and certificates for its clients
  bool changes_passwords = true;  // an account's own; others' by an administrator
  bool needs_password = true;     // false: whoever reaches the service may sign
  bool time_stamps = false;       // see start_time_stamp()
  std::optional<std::chrono::system_clock::time_point> clock;  // its own, when it answered
};

enum class SignCredential { none, password, one_time_password };

struct AccountInfo {
  std::string user;
  std::string common_name;
  bool administrator = false;
  SignCredential sign_credential = SignCredential::none;
  std::optional<std::chrono::system_clock::time_point> password_expires_at;
  Trace trace = {};
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

class SignRecord;

struct SignRequest {
  std::string key_id;
  Scheme algorithm = Scheme::rsa_pkcs1;
  Hash hash = Hash::sha256;
  std::size_t salt_length = 0;  // PSS only, in bytes
  std::vector<Bytes> digests;   // 1 to max_digests_per_request
  std::optional<Secret> sign_password;
  std::string reference;  // free text for the appliance's journal; see carries_reference()
  // As of KeySpec. With one the request is sent as it is, and with no other's digest.
  std::string idempotency_key = {};
  // Of the digests, in their order; told how they went. Empty, or null in it: nobody wants to know.
  std::vector<std::shared_ptr<SignRecord>> records = {};
};

struct Signatures {
  std::vector<Bytes>
      values;  // one per digest, in their order; ECDSA: r and s, each of the order's size
  Trace trace = {};
};

// What a time-stamp is asked for (RFC 3161, 2.4.1).
struct TimeStampRequest {
  Hash hash = Hash::sha256;
  Bytes digest;  // of that hash
  Bytes nonce;   // a positive number, big-endian, at most kLongestNonce; empty: none
};

inline constexpr std::size_t kLongestNonce = 64;                          // bytes
inline constexpr std::size_t kLargestTimeStamp = std::size_t{64} * 1024;  // bytes

struct TimeStamp {
  Bytes token;  // at most kLargestTimeStamp
  Trace trace = {};
};

struct Settings;

// Thread-safe. Each call is a task: start_X() touches no network, the task's steps do it, without blocking. X() is the
// same, waited for. What a task was given by reference or as a view must live as long as the task; so must the appliance. A task
// that nobody steps keeps its connection, and whoever travels with it, until somebody does.
//
// Every call ends by its deadline. No call is repeated with another effect: a retry carries the same idempotency key.
// Destroying a task cancels the call; whether a change was carried out is then not known.
class Appliance {
 public:
  virtual ~Appliance() = default;

  virtual Task<Answer<ApplianceInfo>> start_info(Deadline deadline) = 0;

  // Checks a password and tells what the account may do.
  virtual Task<Answer<AccountInfo>> start_account(const Credential& who, Deadline deadline) = 0;

  // The whole set, or nothing where it is still the one named by `known_etag` (empty: none known).
  virtual Task<Answer<std::optional<ObjectSet>>> start_objects(const Credential& who,
                                                               std::string_view known_etag,
                                                               Deadline deadline) = 0;

  // The signatures are of the right length but not verified; that is the caller's part.
  virtual Task<Answer<Signatures>> start_sign(const Credential& who, const SignRequest& request,
                                              Deadline deadline) = 0;

  // A TimeStampToken (RFC 3161, 2.4.2) of the service or of an authority behind it; for nobody in particular, without a
  // password. Its form, what it says and its signature are not looked at; that is the caller's part. not_supported where the
  // dialect has no such call, or the service does not offer it.
  virtual Task<Answer<TimeStamp>> start_time_stamp(TimeStampRequest /*request*/,
                                                   Deadline /*deadline*/) {
    co_return ApplianceError{
        Failure::not_supported,
        "this appliance gives no time-stamps; name the URL of a time-stamp authority",
        {}};
  }

  virtual Task<Answer<Traced<KeyInfo>>> start_generate_key(const Credential& who,
                                                           const KeySpec& spec,
                                                           Deadline deadline) = 0;

  // Changes what is given, keeps what is not.
  virtual Task<Answer<Traced<KeyInfo>>> start_update_key(const Credential& who, std::string id,
                                                         std::optional<Bytes> label,
                                                         std::optional<Bytes> cka_id,
                                                         Deadline deadline) = 0;

  // The key's certificates stay. Deleting what is gone already is no_such_object.
  virtual Task<Answer<Trace>> start_delete_key(const Credential& who, std::string id,
                                               Deadline deadline) = 0;

  // Storing the very same certificate under the same names again is a success and gives the one that is there. Under
  // other names it is another object, or exists_already where an appliance keeps one of each.
  virtual Task<Answer<Traced<CertificateInfo>>> start_import_certificate(const Credential& who,
                                                                         ByteView der, Bytes label,
                                                                         Bytes cka_id,
                                                                         Deadline deadline) = 0;

  virtual Task<Answer<Traced<CertificateInfo>>> start_update_certificate(
      const Credential& who, std::string id, std::optional<Bytes> label,
      std::optional<Bytes> cka_id, Deadline deadline) = 0;

  virtual Task<Answer<Trace>> start_delete_certificate(const Credential& who, std::string id,
                                                       Deadline deadline) = 0;

  // The account's own password. `who` carries the old one.
  virtual Task<Answer<void>> start_change_password(const Credential& who,
                                                   const Secret& new_password,
                                                   Deadline deadline) = 0;

  // Another account's password; administrators only.
  virtual Task<Answer<void>> start_set_password(const Credential& administrator, std::string user,
                                                const Secret& new_password, Deadline deadline) = 0;

  // What is assumed before it has said anything: what each appliance of its dialect can do. Reaches for no network.
  virtual ApplianceInfo minimum() const = 0;

  Answer<ApplianceInfo> info(Deadline deadline) { return start_info(deadline).finish(); }
  Answer<AccountInfo> account(const Credential& who, Deadline deadline) {
    return start_account(who, deadline).finish();
  }
  Answer<std::optional<ObjectSet>> objects(const Credential& who, std::string_view known_etag,
                                           Deadline deadline) {
    return start_objects(who, known_etag, deadline).finish();
  }
  Answer<Signatures> sign(const Credential& who, const SignRequest& request, Deadline deadline) {
    return start_sign(who, request, deadline).finish();
  }
  Answer<TimeStamp> time_stamp(TimeStampRequest request, Deadline deadline) {
    return start_time_stamp(std::move(request), deadline).finish();
  }
  Answer<Traced<KeyInfo>> generate_key(const Credential& who, const KeySpec& spec,
                                       Deadline deadline) {
    return start_generate_key(who, spec, deadline).finish();
  }
  Answer<Traced<KeyInfo>> update_key(const Credential& who, std::string id,
                                     std::optional<Bytes> label, std::optional<Bytes> cka_id,
                                     Deadline deadline) {
    return start_update_key(who, std::move(id), std::move(label), std::move(cka_id), deadline)
        .finish();
  }
  Answer<Trace> delete_key(const Credential& who, std::string id, Deadline deadline) {
    return start_delete_key(who, std::move(id), deadline).finish();
  }
  Answer<Traced<CertificateInfo>> import_certificate(const Credential& who, ByteView der,
                                                     Bytes label, Bytes cka_id, Deadline deadline) {
    return start_import_certificate(who, der, std::move(label), std::move(cka_id), deadline)
        .finish();
  }
  Answer<Traced<CertificateInfo>> update_certificate(const Credential& who, std::string id,
                                                     std::optional<Bytes> label,
                                                     std::optional<Bytes> cka_id,
                                                     Deadline deadline) {
    return start_update_certificate(who, std::move(id), std::move(label), std::move(cka_id),
                                    deadline)
        .finish();
  }
  Answer<Trace> delete_certificate(const Credential& who, std::string id, Deadline deadline) {
    return start_delete_certificate(who, std::move(id), deadline).finish();
  }
  Answer<void> change_password(const Credential& who, const Secret& new_password,
                               Deadline deadline) {
    return start_change_password(who, new_password, deadline).finish();
  }
  Answer<void> set_password(const Credential& administrator, std::string user,
                            const Secret& new_password, Deadline deadline) {
    return start_set_password(administrator, std::move(user), new_password, deadline).finish();
  }

  // Whether the reference of a signature goes to the appliance; otherwise it is left out.
  virtual bool carries_reference() const { return true; }

  // How long the same request under the same idempotency key, from whatever process, gets the same answer and has no second
  // effect; zero: never.
  virtual Milliseconds repeatable_for() const { return Milliseconds::zero(); }

  // What was done so far; waits for nothing.
  virtual ApplianceFigures figures() const { return {}; }

  // Members, pins, client certificate and limits (settings.h) from now on. Calls under way end as they began;
  // idle connections that were made otherwise than is demanded now are closed.
  virtual void reconfigure(const Settings& /*settings*/) {}

  // In a child after fork(): closes this process's copies of the parent's connections without a lock and
  // without a byte sent. Nothing else may be called afterwards, not even a destructor of a task or of this.
  virtual void abandon() noexcept {}
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_APPLIANCE_H_
