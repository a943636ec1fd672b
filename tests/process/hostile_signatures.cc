#include "tests/process/hostile_signatures.h"

#include "tests/support/process.h"

namespace signet::tests {

Bytes other_digest(const Bytes& digest) {
  Bytes other = digest;
  if (!other.empty()) other.back() ^= 1U;
  return other;
}

SigningKeyPtr other_key(SigningKey::Kind kind) {
  static const auto ec = std::make_shared<SigningKey>(SigningKey::Kind::p256, "other");
  static const auto rsa = std::make_shared<SigningKey>(SigningKey::Kind::rsa_2048, "other");
  return kind == SigningKey::Kind::p256 ? ec : rsa;
}

// Of either kind of key.
std::vector<ForgeRow> common_forgeries(SigningKey::Kind kind) {
  return {
      {"another key's",
       [kind](const SigningKey&, const Bytes& d) { return other_key(kind)->sign(d); }},
      {"of another digest",
       [](const SigningKey& key, const Bytes& d) { return key.sign(other_digest(d)); }},
      {"one bit flipped at its end",
       [](const SigningKey& key, const Bytes& d) { return other_digest(key.sign(d)); }},
      {"the last byte missing",
       [](const SigningKey& key, const Bytes& d) {
         Bytes signature = key.sign(d);
         signature.pop_back();
         return signature;
       }},
      {"a byte more",
       [](const SigningKey& key, const Bytes& d) {
         Bytes signature = key.sign(d);
         signature.push_back(0);
         return signature;
       }},
      {"a zero before it",
       [](const SigningKey& key, const Bytes& d) {
         Bytes signature = key.sign(d);
         signature.insert(signature.begin(), 0);
         return signature;
       }},
      {"nothing", [](const SigningKey&, const Bytes&) { return Bytes(); }},
      {"a single zero", [](const SigningKey&, const Bytes&) { return Bytes(1, 0); }},
      {"zeros", [](const SigningKey& key, const Bytes& d) { return Bytes(key.sign(d).size(), 0); }},
      {"ones",
       [](const SigningKey& key, const Bytes& d) { return Bytes(key.sign(d).size(), 0xFF); }},
      {"the digest itself", [](const SigningKey&, const Bytes& d) { return d; }},
      {"4 MiB", [](const SigningKey&, const Bytes&) { return Bytes(std::size_t{4} << 20U, 7); }},
  };
}

// A document, signed once; nothing but a right signature may come out of it.
CK_RV sign_once(Session& session, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE mechanism,
                const SigningKey& expected, const std::string& document) {
  try {
    const Bytes signature = session.sign(mechanism, key, view_of(document));
    EXPECT_TRUE(expected.verifies(view_of(document), signature)) << "a wrong signature came out";
  } catch (const CryptokiError& error) {
    return error.code();
  }
  return CKR_OK;
}

void HostileSignatureTest::sign_through(const HostileServer::Handler& handler,
                                        const BoundedToken& token, std::string_view path,
                                        SigningKey::Kind kind, CK_RV expected) const {
  const HostileServer server(handler);
  configure(folder_.path(), token, server.member(path));
  EXPECT_TRUE(in_other_process([&] {
    const Module module;
    Session session(module);
    session.login("1234");
    const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
    const auto mechanism = kind == SigningKey::Kind::p256 ? CKM_ECDSA_SHA256 : CKM_SHA256_RSA_PKCS;
    const BoundedCalls calls(token.call);
    for (const char* const name : {"sign", "sign again"}) {
      EXPECT_EQ(
          calls.run(name, [&] { return sign_once(session, key, mechanism, *key_of(kind), name); }),
          expected);
    }
  }));
  EXPECT_TRUE(is_clean_log(folder_ / "log"));
}

}  // namespace signet::tests
