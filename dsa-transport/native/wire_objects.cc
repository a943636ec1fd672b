#include "dsa-transport/native/wire_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "dsa-transport/native/wire_values.h"

namespace signet::transport::native {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxText = 1024;           // names, cursors
constexpr std::size_t kMaxLabel = 4096;          // bytes
constexpr std::size_t kMaxCkaId = 255;           // bytes
constexpr std::size_t kMaxPublicKey = 4096;      // DER bytes; RSA-16384 takes about 2,100
constexpr std::size_t kMaxCertificate = 262144;  // DER bytes
constexpr std::size_t kMaxSignature = 8192;      // bytes
constexpr std::size_t kMaxObjectsPerPage = 1000;
constexpr std::size_t kMaxValuesPerPage = 50 * kMaxObjectsPerPage;  // a key has a dozen members
constexpr unsigned kMaxBits = 16384;

std::string read_id(JsonReader& reader, const char* name) {
  std::string id = reader.text(name, 1, 128);
  if (!reader.failed() && !is_object_id(id)) reader.fail("has an invalid id");
  return id;
}

ApplianceInfo::Version read_version(JsonReader& parent, const char* name) {
  JsonReader reader(parent.object(name), name);
  ApplianceInfo::Version version;
  version.major = static_cast<unsigned>(reader.number("major", 65535));
  version.minor = static_cast<unsigned>(reader.number("minor", 65535));
  if (reader.failed()) parent.fail(reader.error().what);
  return version;
}

void read_key_types(JsonReader& parent, ApplianceInfo& info) {
  for (const json::value& item : parent.list("keyTypes", JsonReader::kMostWords)) {
    JsonReader reader(&item, "key type");
    const std::string type = reader.text("type", 1, kMaxText);
    if (type == "RSA") {
      for (const std::uint64_t size : reader.numbers("sizes", kMaxBits)) {
        info.rsa_bits.push_back(static_cast<unsigned>(size));
      }
    } else if (type == "EC") {
      for (const std::string& name : reader.texts("curves")) {
        if (const auto curve = curve_from(name)) info.curves.push_back(*curve);
      }
    } else if (type == "Ed25519") {
      info.curves.push_back(Curve::ed25519);
    }
    if (reader.failed()) parent.fail(reader.error().what);
  }
}

// "key ab-12…", so that an administrator finds the object that is broken.
std::string title_of(const char* kind, const json::value& value) {
  const auto* const object = value.if_object();
  const auto* const id = object == nullptr ? nullptr : object->if_contains("id");
  if (id == nullptr || !id->is_string()) return kind;
  const std::string_view text = id->get_string();
  return is_object_id(text) ? fmt::format("{} {}", kind, text) : kind;
}

void read_public_key(JsonReader& reader, KeyInfo& key, const DerCheck& check) {
  key.bits = static_cast<unsigned>(reader.optional_number("size", kMaxBits));
  const std::string curve = reader.optional_text("curve", kMaxText);
  key.public_key = reader.base64("publicKey", 1, kMaxPublicKey);
  if (reader.failed()) return;
  const auto actual = check.public_key(key.public_key);
  if (!actual) {
    reader.fail("has a publicKey that is not a SubjectPublicKeyInfo of a known type");
    return;
  }
  const bool curve_agrees = key.type != KeyType::ec || curve_from(curve) == actual->curve;
  const bool size_agrees = key.type != KeyType::rsa || key.bits == actual->bits;
  if (actual->type != key.type || !curve_agrees || !size_agrees) {
    reader.fail("has a publicKey that contradicts its type, size or curve");
    return;
  }
  key.bits = actual->bits;
  key.curve = actual->curve;
}

Read<KeyInfo> read_key_value(const json::value& value, KeyType type, const DerCheck& check) {
  JsonReader reader(&value, title_of("key", value));
  KeyInfo key;
  key.type = type;
  key.id = read_id(reader, "id");
  key.label = reader.base64("label", 0, kMaxLabel);
  key.cka_id = reader.base64("ckaId", 0, kMaxCkaId);
  key.created_at = reader.time("createdAt");
  const std::string state = reader.text("state", 1, kMaxText);
  if (state != "active" && state != "disabled") reader.fail("has an unknown state");
  key.active = state == "active";
  if (!reader.failed()) read_public_key(reader, key, check);
  if (reader.failed()) return reader.error();
  return key;
}

Read<CertificateInfo> read_certificate_value(const json::value& value, const DerCheck& check) {
  JsonReader reader(&value, title_of("certificate", value));
  CertificateInfo certificate;
  certificate.id = read_id(reader, "id");
  certificate.label = reader.base64("label", 0, kMaxLabel);
  certificate.cka_id = reader.base64("ckaId", 0, kMaxCkaId);
  certificate.der = reader.base64("der", 1, kMaxCertificate);
  if (reader.has("keyId")) certificate.key_id = read_id(reader, "keyId");
  if (reader.failed()) return reader.error();
  if (!check.is_certificate(certificate.der)) {
    reader.fail("has a der that is not an X.509 certificate");
    return reader.error();
  }
  return certificate;
}

WireError out_of_time() {
  return {"there was no time to read all of the object list", true};
}

Read<void> read_page_keys(std::span<const json::value> list, const DerCheck& check,
                          Deadline deadline, ObjectPage& page) {
  for (const json::value& item : list) {
    if (deadline.passed()) return out_of_time();
    JsonReader reader(&item, title_of("key", item));
    const auto type = key_type_from(reader.text("type", 1, kMaxText));
    if (reader.failed()) return reader.error();
    if (!type) {
      page.unknown_keys.push_back(read_id(reader, "id"));
      if (reader.failed()) return reader.error();
      continue;
    }
    BOOST_OUTCOME_TRY(auto key, read_key_value(item, *type, check));
    page.keys.push_back(std::move(key));
  }
  return success();
}

// A key is shown by two objects.
std::size_t size_of(const KeyInfo& key) {
  return 2 * (key.id.size() + key.label.size() + key.cka_id.size() + key.public_key.size());
}

std::size_t size_of(const CertificateInfo& certificate) {
  return certificate.id.size() + certificate.label.size() + certificate.cka_id.size() +
         certificate.der.size() + certificate.key_id.size();
}

template <typename T>
void move_behind(std::vector<T>& all, std::vector<T>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// The key of each id, where it is one that can be shown. Ordered, not hashed: the ids are a stranger's, who could
// choose them to have the same hash.
using Identities = std::map<std::string_view, const KeyInfo*>;

Read<void> take_id(Identities& ids, const std::string& id, const KeyInfo* key) {
  if (ids.emplace(id, key).second) return success();
  return WireError{"object list has an id twice: " + id};
}

// That the certificate is over its key.
Read<void> check_tie(CertificateInfo& certificate, const Identities& keys, const DerCheck& check) {
  if (certificate.key_id.empty()) return success();
  const auto key = keys.find(certificate.key_id);
  if (key == keys.end()) {
    return WireError{fmt::format("certificate {} names a key that does not exist: {}",
                                 certificate.id, certificate.key_id)};
  }
  if (key->second == nullptr) {
    certificate.key_id.clear();
    return success();
  }
  if (check.certifies(certificate.der, key->second->public_key)) return success();
  return WireError{fmt::format("certificate {} does not certify its key {}", certificate.id,
                               certificate.key_id)};
}

}  // namespace

ApplianceInfo contract_minimum() {
  ApplianceInfo info;
  info.rsa_bits = {2048, 3072, 4096};
  info.curves = {Curve::p256, Curve::p384, Curve::p521};
  info.algorithms = {Scheme::rsa_pkcs1, Scheme::rsa_pss, Scheme::ecdsa};
  info.hashes = {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512};
  info.raw_pkcs1 = true;
  return info;
}

Read<ApplianceInfo> read_info(std::string_view body) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const auto* value, document.parse(body));
  JsonReader reader(value, "appliance");
  ApplianceInfo info;
  info.manufacturer = reader.text("manufacturer", 0, kMaxText);
  info.model = reader.text("model", 0, kMaxText);
  info.serial_number = reader.text("serialNumber", 0, kMaxText);
  info.firmware = read_version(reader, "firmware");
  info.hardware = read_version(reader, "hardware");
  info.cluster_id = reader.text("clusterId", 0, kMaxText);
  info.max_digests_per_request = reader.number("maxDigestsPerRequest", 100'000);
  if (info.max_digests_per_request == 0) reader.fail("accepts no digests");
  read_key_types(reader, info);
  for (const std::string& name : reader.texts("algorithms")) {
    if (const auto algorithm = algorithm_from(name)) info.algorithms.push_back(*algorithm);
  }
  for (const std::string& name : reader.texts("hashes")) {
    if (const auto hash = hash_from(name)) info.hashes.push_back(*hash);
  }
  info.raw_pkcs1 = reader.flag("rawPkcs1");
  if (reader.has("time")) info.clock = reader.time("time");
  if (reader.failed()) return reader.error();
  return info;
}

Read<AccountInfo> read_account(std::string_view body) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const auto* value, document.parse(body));
  JsonReader reader(value, "account");
  AccountInfo account;
  account.user = reader.text("user", 1, kMaxText);
  account.common_name = reader.optional_text("commonName", kMaxText);
  account.administrator = std::ranges::count(reader.texts("rights"), "admin") != 0;
  const std::string credential = reader.text("signCredential", 1, kMaxText);
  if (credential == "password") {
    account.sign_credential = SignCredential::password;
  } else if (credential == "otp") {
    account.sign_credential = SignCredential::one_time_password;
  } else if (credential != "none") {
    reader.fail("has an unknown signCredential");
  }
  account.password_expires_at = reader.optional_time("passwordExpiresAt");
  if (reader.failed()) return reader.error();
  return account;
}

Read<KeyInfo> read_key(std::string_view body, const DerCheck& check) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const auto* value, document.parse(body));
  JsonReader reader(value, title_of("key", *value));
  const auto type = key_type_from(reader.text("type", 1, kMaxText));
  if (!type) reader.fail("is of an unknown type");
  if (reader.failed()) return reader.error();
  return read_key_value(*value, *type, check);
}

Read<CertificateInfo> read_certificate(std::string_view body, const DerCheck& check) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const auto* value, document.parse(body));
  return read_certificate_value(*value, check);
}

Read<ObjectPage> read_page(std::string_view body, const DerCheck& check, Deadline deadline) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const auto* value, document.parse(body, kMaxValuesPerPage));
  JsonReader reader(value, "object list");
  const auto keys = reader.list("keys");
  const auto certificates = reader.list("certificates");
  ObjectPage page;
  page.next = reader.optional_text("next", kMaxText);
  if (keys.size() + certificates.size() > kMaxObjectsPerPage) {
    reader.fail("has more objects than a page may have");
  }
  if (reader.failed()) return reader.error();
  BOOST_OUTCOME_TRY(read_page_keys(keys, check, deadline, page));
  for (const json::value& item : certificates) {
    if (deadline.passed()) return out_of_time();
    BOOST_OUTCOME_TRY(auto certificate, read_certificate_value(item, check));
    page.certificates.push_back(std::move(certificate));
  }
  return page;
}

Read<void> ObjectCollector::add(ObjectPage page) {
  const std::size_t keys_before = set.keys.size() + unknown_keys.size();
  if (keys_before + page.keys.size() + page.unknown_keys.size() > kMostKeys) {
    return WireError{fmt::format("object list has more than {} keys", kMostKeys)};
  }
  if (set.certificates.size() + page.certificates.size() > kMostCertificates) {
    return WireError{fmt::format("object list has more than {} certificates", kMostCertificates)};
  }
  for (const KeyInfo& key : page.keys) bytes_ += size_of(key);
  for (const CertificateInfo& certificate : page.certificates) bytes_ += size_of(certificate);
  for (const std::string& id : page.unknown_keys) bytes_ += id.size();
  if (bytes_ > kMostObjectBytes) {
    return WireError{fmt::format("object list has more than {} bytes", kMostObjectBytes)};
  }
  move_behind(set.keys, page.keys);
  move_behind(set.certificates, page.certificates);
  move_behind(unknown_keys, page.unknown_keys);
  return success();
}

Read<void> check_set(ObjectCollector& all, const DerCheck& check, Deadline deadline) {
  Identities ids;
  for (const std::string& id : all.unknown_keys) {
    BOOST_OUTCOME_TRY(take_id(ids, id, nullptr));
  }
  for (const KeyInfo& key : all.set.keys) {
    BOOST_OUTCOME_TRY(take_id(ids, key.id, &key));
  }
  const Identities keys = ids;
  for (CertificateInfo& certificate : all.set.certificates) {
    if (deadline.passed()) return out_of_time();
    BOOST_OUTCOME_TRY(take_id(ids, certificate.id, nullptr));
    BOOST_OUTCOME_TRY(check_tie(certificate, keys, check));
  }
  return success();
}

Read<std::vector<Bytes>> read_signatures(std::string_view body, std::size_t count) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const auto* value, document.parse(body));
  JsonReader reader(value, "answer");
  auto signatures = reader.base64_list("signatures", 1, kMaxSignature);
  if (reader.failed()) return reader.error();
  if (signatures.size() != count) {
    return WireError{fmt::format("{} signatures for {} digests", signatures.size(), count)};
  }
  return signatures;
}

}  // namespace signet::transport::native
