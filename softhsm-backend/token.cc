#include "softhsm-backend/token.h"

#include <fmt/format.h>

#include "common/log.h"
#include "crypto/mechanism.h"
#include "softhsm-backend/public_key.h"

namespace signet::emulator {

namespace {

constexpr CK_ULONG kMaxSignature = 512;  // bytes; RSA-4096
constexpr CK_ULONG kFindBatch = 256;

// PKCS#11 takes input through pointers to non-const bytes, and does not change it.
CK_BYTE* bytes_of(ByteView bytes) {
  return const_cast<CK_BYTE*>(bytes.data());
}

template <typename T>
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, T& value) {
  return {type, &value, sizeof(value)};
}

CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, ByteView value) {
  return {type, bytes_of(value), value.size()};
}

// Throws unless `rv`, the answer of `call`, is CKR_OK.
void require_ok(CK_RV rv, const char* call) {
  if (rv != CKR_OK) throw KeyStoreError(fmt::format("{} gave CKR 0x{:08X}", call, rv), rv);
}

}  // namespace

std::shared_ptr<pkcs11::Module> load_softhsm(const std::filesystem::path& file) {
  auto module = pkcs11::Module::load(file);
  if (!module) module.error().sentence += "; install libsofthsm2 or name it with --softhsm";
  return value_of(std::move(module));
}

Token::Session::Session(CK_FUNCTION_LIST& functions, CK_SLOT_ID slot) : functions_(functions) {
  constexpr CK_FLAGS read_write = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  require_ok(functions_.C_OpenSession(slot, read_write, nullptr, nullptr, &handle_),
             "C_OpenSession");
}

Token::Session::~Session() {
  const CK_RV rv = functions_.C_CloseSession(handle_);
  if (rv != CKR_OK) log::warn("C_CloseSession of the token gave CKR 0x{:08X}", rv);
}

Token::Token(const std::filesystem::path& module, std::string_view label, const Secret& pin)
    : module_(load_softhsm(module)),
      functions_(module_->functions()),
      slot_(value_of(module_->token(pkcs11::Uri::of_token(label))).slot),
      login_session_(std::make_unique<Session>(functions_, slot_)) {
  require_ok(
      functions_.C_Login(login_session_->handle(), CKU_USER, bytes_of(pin.reveal()), pin.size()),
      "C_Login");
}

CheckoutPool<Token::Session>::Loan Token::free_session() {
  if (auto free = sessions_.take()) return free;
  return sessions_.lend(std::make_unique<Session>(functions_, slot_));
}

Bytes Token::generate(const crypto::KeyParameters& spec, const std::string& id) {
  const bool rsa = spec.type == crypto::KeyType::rsa;
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  CK_ULONG bits = spec.bits;
  const Bytes exponent{0x01, 0x00, 0x01};
  const ByteView parameters = row_of(spec.curve).oid;

  std::vector<CK_ATTRIBUTE> public_template{attribute_of(CKA_TOKEN, no),
                                            attribute_of(CKA_VERIFY, yes)};
  if (rsa) {
    public_template.push_back(attribute_of(CKA_MODULUS_BITS, bits));
    public_template.push_back(attribute_of(CKA_PUBLIC_EXPONENT, ByteView(exponent)));
  } else {
    public_template.push_back(attribute_of(CKA_EC_PARAMS, parameters));
  }
  std::vector<CK_ATTRIBUTE> private_template{
      attribute_of(CKA_TOKEN, no),      attribute_of(CKA_PRIVATE, yes),
      attribute_of(CKA_SENSITIVE, yes), attribute_of(CKA_EXTRACTABLE, no),
      attribute_of(CKA_SIGN, yes),      attribute_of(CKA_ID, view_of(id))};
  CK_MECHANISM mechanism{row_of(spec.type).generation, nullptr, 0};

  const auto session = free_session();
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
  require_ok(functions_.C_GenerateKeyPair(session->handle(), &mechanism, public_template.data(),
                                          public_template.size(), private_template.data(),
                                          private_template.size(), &public_key, &private_key),
             "C_GenerateKeyPair");
  Bytes der = public_key_of(session->handle(), public_key, spec);
  functions_.C_DestroyObject(session->handle(), public_key);
  const CK_OBJECT_HANDLE stored = keep(session->handle(), private_key);
  functions_.C_DestroyObject(session->handle(), private_key);
  const MutexLock lock(mutex_);
  handles_[id] = stored;
  return der;
}

CK_OBJECT_HANDLE Token::keep(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE session_key) {
  CK_BBOOL yes = CK_TRUE;
  CK_ATTRIBUTE change = attribute_of(CKA_TOKEN, yes);
  CK_OBJECT_HANDLE stored = 0;
  const MutexLock alone(store_);
  require_ok(functions_.C_CopyObject(session, session_key, &change, 1, &stored), "C_CopyObject");
  return stored;
}

Bytes Token::public_key_of(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                           const crypto::KeyParameters& spec) {
  if (spec.type == crypto::KeyType::rsa) {
    return rsa_public_key(attribute(session, object, CKA_MODULUS),
                          attribute(session, object, CKA_PUBLIC_EXPONENT));
  }
  return curve_public_key(spec.curve, attribute(session, object, CKA_EC_POINT));
}

Bytes Token::attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE query{type, nullptr, 0};
  const ReaderLock reading(store_);
  require_ok(functions_.C_GetAttributeValue(session, object, &query, 1), "C_GetAttributeValue");
  Bytes value(query.ulValueLen);
  query.pValue = value.data();
  require_ok(functions_.C_GetAttributeValue(session, object, &query, 1), "C_GetAttributeValue");
  value.resize(query.ulValueLen);
  return value;
}

Bytes Token::sign(const std::string& id, crypto::Scheme scheme, ByteView data, crypto::Hash hash,
                  std::size_t salt_length) {
  CK_RSA_PKCS_PSS_PARAMS pss{row_of(hash).mechanism, row_of(hash).mgf, salt_length};
  CK_MECHANISM mechanism{crypto::raw_mechanism(scheme), nullptr, 0};
  if (scheme == crypto::Scheme::rsa_pss) mechanism = {mechanism.mechanism, &pss, sizeof pss};
  const auto session = free_session();
  try {
    return attempt_sign(session->handle(), handle_of(session->handle(), id), mechanism, data);
  } catch (const KeyStoreError& error) {
    const bool stale = error.rv == CKR_KEY_HANDLE_INVALID || error.rv == CKR_OBJECT_HANDLE_INVALID;
    if (!stale) throw;
  }
  forget(id);
  return attempt_sign(session->handle(), handle_of(session->handle(), id), mechanism, data);
}

Bytes Token::attempt_sign(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_MECHANISM& mechanism,
                          ByteView data) {
  const ReaderLock reading(store_);
  require_ok(functions_.C_SignInit(session, &mechanism, key), "C_SignInit");
  Bytes signature(kMaxSignature);
  CK_ULONG size = signature.size();
  CK_BYTE nothing =
      0;  // SoftHSMv2 refuses a null pointer to an empty message, and keeps the session's operation then
  CK_BYTE* const start = data.empty() ? &nothing : bytes_of(data);
  require_ok(functions_.C_Sign(session, start, data.size(), signature.data(), &size), "C_Sign");
  signature.resize(size);
  return signature;
}

CK_OBJECT_HANDLE Token::handle_of(CK_SESSION_HANDLE session, const std::string& id) {
  {
    const MutexLock lock(mutex_);
    if (const auto found = handles_.find(id); found != handles_.end()) return found->second;
  }
  const std::vector<CK_OBJECT_HANDLE> found = find(session, &id);
  if (found.empty()) throw KeyStoreError("the token has lost key " + id, CKR_GENERAL_ERROR);
  const MutexLock lock(mutex_);
  handles_[id] = found.front();
  return found.front();
}

std::vector<CK_OBJECT_HANDLE> Token::find(CK_SESSION_HANDLE session, const std::string* id) {
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
  std::vector<CK_ATTRIBUTE> wanted{attribute_of(CKA_CLASS, private_key)};
  if (id != nullptr) wanted.push_back(attribute_of(CKA_ID, view_of(*id)));
  const ReaderLock reading(store_);
  require_ok(functions_.C_FindObjectsInit(session, wanted.data(), wanted.size()),
             "C_FindObjectsInit");
  std::vector<CK_OBJECT_HANDLE> all;
  CK_ULONG count = kFindBatch;
  CK_RV rv = CKR_OK;
  while (rv == CKR_OK && count == kFindBatch) {
    std::vector<CK_OBJECT_HANDLE> batch(kFindBatch);
    rv = functions_.C_FindObjects(session, batch.data(), kFindBatch, &count);
    if (rv == CKR_OK) {
      all.insert(all.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    }
  }
  functions_.C_FindObjectsFinal(session);
  require_ok(rv, "C_FindObjects");
  return all;
}

void Token::forget(const std::string& id) {
  const MutexLock lock(mutex_);
  handles_.erase(id);
}

void Token::destroy(const std::string& id) {
  const auto session = free_session();
  forget(id);
  const std::vector<CK_OBJECT_HANDLE> found = find(session->handle(), &id);
  const MutexLock alone(store_);
  for (const CK_OBJECT_HANDLE object : found) {
    require_ok(functions_.C_DestroyObject(session->handle(), object), "C_DestroyObject");
  }
}

std::vector<std::string> Token::key_ids() {
  const auto session = free_session();
  std::vector<std::string> ids;
  for (const CK_OBJECT_HANDLE object : find(session->handle(), nullptr)) {
    ids.emplace_back(text_of(attribute(session->handle(), object, CKA_ID)));
  }
  return ids;
}

}  // namespace signet::emulator
