#include "keygen/token.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>

#include "keygen/attributes.h"

namespace signet::keygen {

namespace {

constexpr CK_ULONG kHandlesAtOnce = 64;

Outcome<void> check(CK_RV rv, std::string_view what) {
  if (rv != CKR_OK) return failure_of(rv, what);
  return success();
}

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
Outcome<Object> only(const std::vector<Object>& all, const ObjectChoice& choice,
                     std::string_view kind) {
  std::vector<Object> fitting;
  for (const Object& object : all)
    if (choice.fits(object.label, object.id)) fitting.push_back(object);
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty())
    return failure(Reason::not_found,
                   fmt::format("there is no {} with {} on the token", kind, choice.text()));
  std::sort(fitting.begin(), fitting.end(),
            [](const Object& a, const Object& b) { return a.id < b.id; });
  return failure(Reason::ambiguous,
                 fmt::format("several {}s fit: {}; say which with --id", kind, ids_of(fitting)));
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

Outcome<std::unique_ptr<Token>> Token::open(std::shared_ptr<Module> module, const TokenInfo& info,
                                            const PinProvider& pin) {
  std::unique_ptr<Token> token(new Token(std::move(module), info));
  BOOST_OUTCOME_TRY(token->open_session(CKF_SERIAL_SESSION | CKF_RW_SESSION));
  BOOST_OUTCOME_TRY(token->login(pin));
  return token;
}

Outcome<std::unique_ptr<Token>> Token::open_public(std::shared_ptr<Module> module,
                                                   const TokenInfo& info) {
  std::unique_ptr<Token> token(new Token(std::move(module), info));
  BOOST_OUTCOME_TRY(token->open_session(CKF_SERIAL_SESSION));
  return token;
}

Token::~Token() {
  if (logged_in_) module_->functions().C_Logout(session_);
  if (open_) module_->functions().C_CloseSession(session_);
}

Outcome<void> Token::open_session(CK_FLAGS flags) {
  const CK_RV rv =
      module_->functions().C_OpenSession(info_.slot, flags, nullptr, nullptr, &session_);
  open_ = rv == CKR_OK;
  return check(rv, fmt::format("the token \"{}\" cannot be opened", info_.label));
}

Outcome<void> Token::login(const PinProvider& pin) {
  if ((info_.flags & CKF_LOGIN_REQUIRED) == 0) return success();
  BOOST_OUTCOME_TRY(const auto secret, pin(info_));
  const CK_RV rv = login_with(module_->functions(), session_, CKU_USER, secret);
  if (rv == CKR_USER_ALREADY_LOGGED_IN) return success();
  logged_in_ = rv == CKR_OK;
  BOOST_OUTCOME_TRY(check(rv, fmt::format("no login to the token \"{}\"", info_.label)));
  return refresh_info();
}

// A token that is far away knows its model and serial number once it has been asked something.
Outcome<void> Token::refresh_info() {
  BOOST_OUTCOME_TRY(auto known, module_->token_in(info_.slot));
  info_ = std::move(known);
  return success();
}

Outcome<std::vector<CK_OBJECT_HANDLE>> Token::find(CK_OBJECT_CLASS object_class) const {
  CK_FUNCTION_LIST& functions = module_->functions();
  ObjectTemplate wanted;
  wanted.number(CKA_CLASS, object_class).flag(CKA_TOKEN, true);
  BOOST_OUTCOME_TRY(check(functions.C_FindObjectsInit(session_, wanted.data(), wanted.size()),
                          "the token's objects cannot be listed"));
  std::vector<CK_OBJECT_HANDLE> found;
  CK_RV rv = CKR_OK;
  CK_ULONG count = 0;
  do {
    const std::size_t before = found.size();
    found.resize(before + kHandlesAtOnce);
    count = 0;
    rv = functions.C_FindObjects(session_, found.data() + before, kHandlesAtOnce, &count);
    found.resize(before + count);
  } while (rv == CKR_OK && count > 0);
  functions.C_FindObjectsFinal(session_);
  BOOST_OUTCOME_TRY(check(rv, "the token's objects cannot be listed"));
  return found;
}

Outcome<std::vector<Key>> Token::keys() const {
  CK_FUNCTION_LIST& functions = module_->functions();
  BOOST_OUTCOME_TRY(const auto privates, find(CKO_PRIVATE_KEY));
  BOOST_OUTCOME_TRY(const auto publics, find(CKO_PUBLIC_KEY));
  struct Public {
    CK_OBJECT_HANDLE handle;
    Bytes id;
    Bytes spki;
  };
  std::vector<Public> open;
  for (const CK_OBJECT_HANDLE handle : publics) {
    const Attributes object(functions, session_, handle);
    open.push_back({handle, object.bytes(CKA_ID).value_or(Bytes()), object.public_key()});
  }
  std::vector<Key> keys;
  for (const CK_OBJECT_HANDLE handle : privates) {
    const Attributes object(functions, session_, handle);
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
    key.uri = uri_of(info_.raw, CKO_PRIVATE_KEY, key.id, key.label);
    keys.push_back(std::move(key));
  }
  return keys;
}

Outcome<std::vector<Key>> Token::lone_public_keys() const {
  BOOST_OUTCOME_TRY(const auto pairs, keys());
  BOOST_OUTCOME_TRY(const auto publics, find(CKO_PUBLIC_KEY));
  std::vector<Key> lone;
  for (const CK_OBJECT_HANDLE handle : publics) {
    const bool paired = std::any_of(pairs.begin(), pairs.end(),
                                    [&](const Key& key) { return key.public_handle == handle; });
    if (paired) continue;
    const Attributes object(module_->functions(), session_, handle);
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

Outcome<std::vector<StoredCertificate>> Token::certificates() const {
  BOOST_OUTCOME_TRY(const auto handles, find(CKO_CERTIFICATE));
  std::vector<StoredCertificate> certificates;
  for (const CK_OBJECT_HANDLE handle : handles) {
    const Attributes object(module_->functions(), session_, handle);
    if (object.number(CKA_CERTIFICATE_TYPE).value_or(CKC_X_509) != CKC_X_509) continue;
    StoredCertificate certificate;
    certificate.handle = handle;
    certificate.id = object.bytes(CKA_ID).value_or(Bytes());
    certificate.label = label_of(object);
    certificate.der = object.bytes(CKA_VALUE).value_or(Bytes());
    certificate.uri = uri_of(info_.raw, CKO_CERTIFICATE, certificate.id, certificate.label);
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

Outcome<Key> Token::key(const ObjectChoice& choice) const {
  BOOST_OUTCOME_TRY(const auto all, keys());
  return only(all, choice, "key");
}

Outcome<StoredCertificate> Token::certificate(const ObjectChoice& choice) const {
  BOOST_OUTCOME_TRY(const auto all, certificates());
  return only(all, choice, "certificate");
}

Outcome<std::optional<Key>> Token::key_of(ByteView public_key) const {
  BOOST_OUTCOME_TRY(const auto all, keys());
  for (const Key& key : all)
    if (equal(key.public_key, public_key)) return std::optional<Key>(key);
  return std::optional<Key>();
}

Outcome<std::optional<StoredCertificate>> Token::certificate_of(ByteView der) const {
  BOOST_OUTCOME_TRY(const auto all, certificates());
  for (const StoredCertificate& certificate : all)
    if (equal(certificate.der, der)) return std::optional<StoredCertificate>(certificate);
  return std::optional<StoredCertificate>();
}

Bytes random_id() {
  Bytes id(20);
  if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1)
    throw std::runtime_error("the system gives no random numbers");
  return id;
}

}  // namespace signet::keygen
