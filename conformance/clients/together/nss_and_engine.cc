// One process, two users of the module that know nothing of each other: NSS, and OpenSSL through the libp11 engine.
//
//   nss_and_engine nss|engine MODULE URI    who loads the module first; URI of the EC key, for the engine
//
// In the working folder: seal-rsa.pem, seal-ec.pem. In the environment: PIN, OPENSSL_CONF with the engine.
#include <nss.h>
#include <openssl/conf.h>
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <pk11pub.h>
#include <secmod.h>

// After secmod.h, which it needs and does not include.
#include <cryptohi.h>
#include <keyhi.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int kSignatures = 60;
const std::string kDocument = "a document";

using Bytes = std::vector<unsigned char>;

void check(bool right, const std::string& what) {
  if (!right) throw std::runtime_error(what);
}

// What everybody knows: the certificate's public key, in software.
class Verifier {
 public:
  explicit Verifier(const char* file) {
    const std::unique_ptr<FILE, int (*)(FILE*)> in(std::fopen(file, "r"), std::fclose);
    check(in != nullptr, file);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_X509(in.get(), nullptr, nullptr, nullptr), X509_free);
    check(certificate != nullptr, file);
    key_.reset(X509_get_pubkey(certificate.get()));
  }

  void expect(const Bytes& signature) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    check(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
              EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                               reinterpret_cast<const unsigned char*>(kDocument.data()),
                               kDocument.size()) == 1,
          "a signature does not verify");
  }

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_{nullptr, EVP_PKEY_free};
};

char* answer_pin(PK11SlotInfo*, PRBool retry, void*) {
  return retry ? nullptr : PL_strdup(std::getenv("PIN"));
}

class Nss {
 public:
  explicit Nss(const std::string& module) {
    // NSS takes a module that somebody else has initialised only if it is told so (PK11RELOAD).
    constexpr PRUint32 kFlags = NSS_INIT_READONLY | NSS_INIT_NOCERTDB | NSS_INIT_NOMODDB |
                                NSS_INIT_FORCEOPEN | NSS_INIT_NOROOTINIT | NSS_INIT_PK11RELOAD;
    check(NSS_Initialize("", "", "", "", kFlags) == SECSuccess, "NSS_Initialize");
    PK11_SetPasswordFunc(answer_pin);
    std::string specification = "name=signet library=" + module;
    module_ = SECMOD_LoadUserModule(specification.data(), nullptr, PR_FALSE);
    check(module_ != nullptr && module_->loaded, "NSS does not load the module");
    slot_ = PK11_FindSlotByName("seal");
    check(slot_ != nullptr && PK11_Authenticate(slot_, PR_TRUE, nullptr) == SECSuccess,
          "NSS does not log in");
    std::string name = "seal-rsa";
    keys_ = PK11_ListPrivKeysInSlot(slot_, name.data(), nullptr);
    check(keys_ != nullptr && !PRIVKEY_LIST_END(PRIVKEY_LIST_HEAD(keys_), keys_),
          "NSS finds no key");
  }

  Bytes sign() const {
    SECItem made{};
    check(SEC_SignData(&made, reinterpret_cast<const unsigned char*>(kDocument.data()),
                       static_cast<int>(kDocument.size()), PRIVKEY_LIST_HEAD(keys_)->key,
                       SEC_OID_PKCS1_SHA256_WITH_RSA_ENCRYPTION) == SECSuccess,
          "NSS does not sign");
    Bytes signature(made.data, made.data + made.len);
    SECITEM_FreeItem(&made, PR_FALSE);
    return signature;
  }

  void shut_down() {
    SECKEY_DestroyPrivateKeyList(keys_);
    PK11_FreeSlot(slot_);
    SECMOD_DestroyModule(module_);
    check(NSS_Shutdown() == SECSuccess, "NSS_Shutdown");
  }

 private:
  SECMODModule* module_ = nullptr;
  PK11SlotInfo* slot_ = nullptr;
  SECKEYPrivateKeyList* keys_ = nullptr;
};

class Engine {
 public:
  explicit Engine(const char* uri) {
    check(OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr) == 1, "OPENSSL_CONF");
    engine_ = ENGINE_by_id("pkcs11");
    check(engine_ != nullptr && ENGINE_init(engine_) == 1, "the engine");
    key_ = ENGINE_load_private_key(engine_, uri, nullptr, nullptr);
    check(key_ != nullptr, "the engine finds no key");
  }

  Bytes sign() const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_)));
    std::size_t size = signature.size();
    check(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_) == 1 &&
              EVP_DigestSign(context.get(), signature.data(), &size,
                             reinterpret_cast<const unsigned char*>(kDocument.data()),
                             kDocument.size()) == 1,
          "the engine does not sign");
    signature.resize(size);
    return signature;
  }

 private:
  ENGINE* engine_ = nullptr;
  EVP_PKEY* key_ = nullptr;
};

template <typename Signer>
std::thread signing(const Signer& signer, const Verifier& verifier, bool& done) {
  return std::thread([&signer, &verifier, &done] {
    try {
      for (int i = 0; i < kSignatures; ++i) verifier.expect(signer.sign());
      done = true;
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "%s\n", failure.what());
    }
  });
}

int run(bool nss_first, const std::string& module, const char* uri) {
  std::unique_ptr<Nss> nss;
  std::unique_ptr<Engine> engine;
  if (nss_first) nss = std::make_unique<Nss>(module);
  engine = std::make_unique<Engine>(uri);
  if (!nss_first) nss = std::make_unique<Nss>(module);

  const Verifier rsa("seal-rsa.pem");
  const Verifier ec("seal-ec.pem");
  bool nss_done = false;
  bool engine_done = false;
  std::thread first = signing(*nss, rsa, nss_done);
  std::thread second = signing(*engine, ec, engine_done);
  first.join();
  second.join();
  check(nss_done && engine_done, "not all signatures were made");
  nss->shut_down();
  std::puts("both signed at once");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    check(argc == 4, "usage: nss_and_engine nss|engine MODULE URI");
    return run(std::string(argv[1]) == "nss", argv[2], argv[3]);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "nss_and_engine: %s\n", failure.what());
    return 1;
  }
}
