// What is on a token.

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "crypto/context.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

namespace {

constexpr CK_ULONG kHandlesAtOnce = 64;
constexpr std::size_t kMostObjects = 100'000;

std::string label_of(const Attributes& object) {
  return std::string(text_of(object.bytes(CKA_LABEL).value_or(Bytes())));
}

template <typename Object>
std::string ids_of(const std::vector<Object>& objects) {
  std::string text;
  for (const Object& object : objects)
    text += fmt::format("{}label \"{}\", id {}", text.empty() ? "" : "; ", object.label,
                        object.id.empty() ? "none" : to_hex(object.id));
  return text;
}

// The one of them that fits.
template <typename Object>
TokenResult<Object> only(const std::vector<Object>& all, const ObjectChoice& choice,
                         std::string_view kind) {
  std::vector<Object> fitting;
  for (const Object& object : all)
    if (choice.fits(object.label, object.id)) fitting.push_back(object);
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty())
    return token_error(Reason::not_found,
                       fmt::format("there is no {} with {} on the token", kind, choice.text()));
  std::sort(fitting.begin(), fitting.end(),
            [](const Object& a, const Object& b) { return a.id < b.id; });
  return token_error(Reason::ambiguous, fmt::format("several {}s fit: {}; say which with --id",
                                                    kind, ids_of(fitting)));
}

}  // namespace

bool ObjectChoice::fits(std::string_view other_label, ByteView other_id) const {
  return (!label || *label == other_label) && (!id || equal(*id, other_id));
}

std::string ObjectChoice::text() const {
  if (label && id) return fmt::format("label \"{}\" and id {}", *label, to_hex(*id));
  if (label) return fmt::format("label \"{}\"", *label);
  return id ? "id " + to_hex(*id) : "any label";
}

std::string TokenSession::uri_of(ObjectType type, ByteView id, const std::string& label) const {
  Uri uri;
  uri.token = info_;
  uri.type = type;
  uri.id = copy_of(id);
  uri.object = label;
  return uri.text();
}

TokenResult<std::vector<CK_OBJECT_HANDLE>> TokenSession::find(ObjectTemplate& wanted) const {
  constexpr std::string_view what = "the token's objects cannot be listed";
  CK_RV rv = functions().C_FindObjectsInit(session_, wanted.data(), wanted.size());
  if (rv != CKR_OK) return token_error(rv, what);
  std::vector<CK_OBJECT_HANDLE> found;
  CK_ULONG count = 0;
  do {
    const std::size_t before = found.size();
    found.resize(before + kHandlesAtOnce);
    count = 0;
    rv = functions().C_FindObjects(session_, found.data() + before, kHandlesAtOnce, &count);
    found.resize(before + std::min(count, kHandlesAtOnce));
  } while (rv == CKR_OK && count > 0 && found.size() <= kMostObjects);
  functions().C_FindObjectsFinal(session_);
  if (rv != CKR_OK) return token_error(rv, what);
  if (found.size() > kMostObjects) {
    return token_error(Reason::failed, fmt::format("{}: the list does not end", what));
  }
  return found;
}

TokenResult<std::vector<CK_OBJECT_HANDLE>> TokenSession::find(CK_OBJECT_CLASS object_class) const {
  ObjectTemplate wanted;
  wanted.number(CKA_CLASS, object_class).flag(CKA_TOKEN, true);
  return find(wanted);
}

TokenResult<std::vector<Key>> TokenSession::keys() const {
  BOOST_OUTCOME_TRY(const auto privates, find(CKO_PRIVATE_KEY));
  BOOST_OUTCOME_TRY(const auto publics, find(CKO_PUBLIC_KEY));
  struct Public {
    CK_OBJECT_HANDLE handle;
    Bytes id;
    Bytes spki;
  };
  std::vector<Public> open;
  for (const CK_OBJECT_HANDLE handle : publics) {
    const Attributes object = attributes(handle);
    open.push_back({handle, object.bytes(CKA_ID).value_or(Bytes()), object.public_key()});
  }
  std::vector<Key> keys;
  for (const CK_OBJECT_HANDLE handle : privates) {
    const Attributes object = attributes(handle);
    Key key;
    key.private_handle = handle;
    key.id = object.bytes(CKA_ID).value_or(Bytes());
    key.label = label_of(object);
    key.can_sign = object.flag(CKA_SIGN, true);
    key.asks_each_time = object.flag(CKA_ALWAYS_AUTHENTICATE, false);
    key.public_key = object.public_key();
    const auto half = std::find_if(open.begin(), open.end(), [&](const Public& other) {
      return key.public_key.empty() ? !key.id.empty() && other.id == key.id
                                    : other.spki == key.public_key;
    });
    if (half != open.end()) {
      key.public_handle = half->handle;
      key.public_key = half->spki;
    }
    key.type = KeyType::of_public_key(key.public_key);
    key.uri = uri_of(ObjectType::private_key, key.id, key.label);
    keys.push_back(std::move(key));
  }
  return keys;
}

TokenResult<std::vector<Key>> TokenSession::lone_public_keys() const {
  BOOST_OUTCOME_TRY(const auto pairs, keys());
  BOOST_OUTCOME_TRY(const auto publics, find(CKO_PUBLIC_KEY));
  std::vector<Key> lone;
  for (const CK_OBJECT_HANDLE handle : publics) {
    const bool paired = std::any_of(pairs.begin(), pairs.end(),
                                    [&](const Key& key) { return key.public_handle == handle; });
    if (paired) continue;
    const Attributes object = attributes(handle);
    Key key;
    key.public_handle = handle;
    key.id = object.bytes(CKA_ID).value_or(Bytes());
    key.label = label_of(object);
    key.public_key = object.public_key();
    key.type = KeyType::of_public_key(key.public_key);
    lone.push_back(std::move(key));
  }
  return lone;
}

TokenResult<std::vector<StoredCertificate>> TokenSession::certificates() const {
  BOOST_OUTCOME_TRY(const auto handles, find(CKO_CERTIFICATE));
  std::vector<StoredCertificate> certificates;
  for (const CK_OBJECT_HANDLE handle : handles) {
    const Attributes object = attributes(handle);
    if (object.number(CKA_CERTIFICATE_TYPE).value_or(CKC_X_509) != CKC_X_509) continue;
    StoredCertificate certificate;
    certificate.handle = handle;
    certificate.id = object.bytes(CKA_ID).value_or(Bytes());
    certificate.label = label_of(object);
    certificate.der = object.bytes(CKA_VALUE).value_or(Bytes());
    certificate.uri = uri_of(ObjectType::certificate, certificate.id, certificate.label);
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

TokenResult<Key> TokenSession::key(const ObjectChoice& choice) const {
  BOOST_OUTCOME_TRY(const auto all, keys());
  return only(all, choice, "key");
}

TokenResult<StoredCertificate> TokenSession::certificate(const ObjectChoice& choice) const {
  BOOST_OUTCOME_TRY(const auto all, certificates());
  return only(all, choice, "certificate");
}

TokenResult<std::optional<Key>> TokenSession::key_of(ByteView public_key) const {
  BOOST_OUTCOME_TRY(const auto all, keys());
  for (const Key& key : all)
    if (equal(key.public_key, public_key)) return std::optional<Key>(key);
  return std::optional<Key>();
}

TokenResult<std::optional<StoredCertificate>> TokenSession::certificate_of(ByteView der) const {
  BOOST_OUTCOME_TRY(const auto all, certificates());
  for (const StoredCertificate& certificate : all)
    if (equal(certificate.der, der)) return std::optional<StoredCertificate>(certificate);
  return std::optional<StoredCertificate>();
}

Bytes random_id() {
  Bytes id(20);
  if (const auto filled = crypto::random_bytes(id); !filled)
    throw std::runtime_error(filled.error().sentence);
  return id;
}

}  // namespace signet::pkcs11
