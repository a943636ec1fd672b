#include "pkcs11-client/tls_key.h"

#include <fmt/format.h>

#include <utility>

namespace signet::pkcs11 {

namespace {

// A module that forwards to others may come back to us, and we to it. Its OpenSSL is the process's, not that of our TLS.
thread_local bool inside_another_module = false;

class Visit {
 public:
  Visit() : before_(std::exchange(inside_another_module, true)) {}
  ~Visit() { inside_another_module = before_; }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  const bool before_;
  const crypto::ProcessContext context_;
};

TokenResult<std::unique_ptr<TokenSession>> open_session(const Uri& uri, const PinProvider& pin) {
  if (inside_another_module) {
    return token_error(Reason::not_supported,
                       fmt::format("{} calls this module to do its work", uri.module_path));
  }
  const Visit visit;
  BOOST_OUTCOME_TRY(auto module, Module::load(uri.module_path, Module::Lifetime::process));
  BOOST_OUTCOME_TRY(const auto info, module->token(uri));
  BOOST_OUTCOME_TRY(auto session, TokenSession::open_public(std::move(module), info));
  if (pin) {
    BOOST_OUTCOME_TRY(session->login(pin));
  }
  return session;
}

TokenResult<CK_OBJECT_HANDLE> find(const TokenSession& session, const Uri& uri,
                                   CK_OBJECT_CLASS object_class, bool logged_in) {
  const Visit visit;
  ObjectTemplate wanted;
  wanted.number(CKA_CLASS, object_class);
  if (uri.object) wanted.text(CKA_LABEL, *uri.object);
  if (uri.id) wanted.bytes(CKA_ID, *uri.id);
  BOOST_OUTCOME_TRY(const auto found, session.find(wanted));
  if (found.size() == 1) return found.front();
  const char* const what = object_class == CKO_PRIVATE_KEY ? "private key" : "certificate";
  if (!found.empty()) {
    return token_error(
        Reason::ambiguous,
        fmt::format("token \"{}\" has more than one {} of this name", session.info().label, what));
  }
  return token_error(
      Reason::not_found,
      fmt::format("token \"{}\" has no {} of this name{}", session.info().label, what,
                  logged_in ? "" : ", or shows it only after a login (pin-source)"));
}

}  // namespace

TokenResult<std::unique_ptr<TlsKey>> TlsKey::open(const Uri& uri, const PinProvider& pin,
                                                  ByteView public_key) {
  std::unique_ptr<TlsKey> made(new TlsKey);
  BOOST_OUTCOME_TRY(made->session_, open_session(uri, pin));
  Key key;
  BOOST_OUTCOME_TRY(key.private_handle, find(*made->session_, uri, CKO_PRIVATE_KEY, !!pin));
  key.label = uri.object.value_or("");
  key.public_key = copy_of(public_key);
  key.type = KeyType::of_public_key(public_key);
  made->key_ = ProviderKey::make(
      public_key, [own = made.get(), key](const DigestSignature& wish, ByteView digest) {
        return own->sign(key, wish, digest);
      });
  if (!made->key_) {
    return token_error(Reason::not_supported,
                       "the client certificate's key is neither RSA, EC nor Ed25519");
  }
  return made;
}

TlsKey::~TlsKey() {
  const Visit visit;
  session_.reset();
}

Bytes TlsKey::sign(const Key& key, const DigestSignature& wish, ByteView digest) {
  const Visit visit;
  auto signature = session_->sign(key, wish, digest);
  if (signature) return std::move(signature).value();
  complaint_ = signature.error().sentence;
  return {};
}

TokenResult<Bytes> read_certificate(const Uri& uri, const PinProvider& pin) {
  BOOST_OUTCOME_TRY(const auto session, open_session(uri, pin));
  BOOST_OUTCOME_TRY(const auto object, find(*session, uri, CKO_CERTIFICATE, !!pin));
  const Visit visit;
  if (auto der = session->attributes(object).bytes(CKA_VALUE)) return *std::move(der);
  return token_error(Reason::failed, "the token does not give the certificate");
}

}  // namespace signet::pkcs11
