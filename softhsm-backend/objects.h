// Keys and certificates in the state. The private keys themselves lie in the token under the same
// id.
#ifndef SIGNET_SOFTHSM_BACKEND_OBJECTS_H_
#define SIGNET_SOFTHSM_BACKEND_OBJECTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

struct KeyRow {
  std::int64_t seq = 0;  // order of making; set by the state
  std::string id;        // GUID
  std::string owner;
  Bytes label;
  Bytes cka_id;
  std::int64_t bits = 0;  // 0: EC
  std::string curve;      // as in key_types.h; empty: RSA
  Bytes public_key;       // DER SubjectPublicKeyInfo
  std::int64_t created_at = 0;
  bool active = true;

  bool rsa() const { return curve.empty(); }
  crypto::KeyParameters parameters() const;
};

// A key to be made, of these parameters.
KeyRow new_key(std::string_view owner, const crypto::KeyParameters& parameters);

struct CertificateRow {
  std::int64_t seq = 0;
  std::string id;
  std::string owner;
  Bytes label;
  Bytes cka_id;
  Bytes der;
  Bytes public_key;
  std::string key_id;  // of the owner's key with the equal public key; empty where there is none
};

// What PATCH changes.
struct Naming {
  std::optional<Bytes> label;
  std::optional<Bytes> cka_id;
};

std::optional<KeyRow> find_key(Database& database, std::string_view owner, std::string_view id);
std::optional<KeyRow> find_key_by_public_key(Database& database, std::string_view owner,
                                             ByteView public_key);
std::vector<KeyRow> keys_after(Database& database, std::string_view owner, std::int64_t seq,
                               std::int64_t limit);
std::vector<std::string> all_key_ids(Database& database);
std::int64_t count_keys(Database& database, std::string_view owner);
void insert_key(Database& database, const KeyRow& key);
void rename_key(Database& database, const KeyRow& key, const Naming& naming);
void delete_key(Database& database, const KeyRow& key);

// Of all keys and certificates of an owner, rows only. The ids of the keys, which still lie in the token.
std::vector<std::string> delete_objects(Database& database, std::string_view owner);

// False where the owner has no such key.
bool set_key_active(Database& database, std::string_view owner, std::string_view id, bool active);

std::optional<CertificateRow> find_certificate(Database& database, std::string_view owner,
                                               std::string_view id);
// With these names, as far as they are given; the first of several.
std::optional<CertificateRow> find_same_certificate(Database& database, std::string_view owner,
                                                    ByteView der, const Naming& naming);
std::vector<CertificateRow> certificates_after(Database& database, std::string_view owner,
                                               std::int64_t seq, std::int64_t limit);
// For a key, by its owner; the newest first.
std::vector<CertificateRow> certificates_of_key(Database& database, const KeyRow& key);
// DER of those that are not for a key of their owner, of all accounts; each once, in the order of storing.
std::vector<Bytes> certificates_without_key(Database& database);
std::int64_t count_certificates(Database& database, std::string_view owner);
void insert_certificate(Database& database, const CertificateRow& certificate);
void rename_certificate(Database& database, const CertificateRow& certificate,
                        const Naming& naming);
void delete_certificate(Database& database, const CertificateRow& certificate);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_OBJECTS_H_
