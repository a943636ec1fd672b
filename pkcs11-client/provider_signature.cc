// Signatures of the provider "signet-token": provider-signature(7).
#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/proverr.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <charconv>
#include <cstring>
#include <string>

#include "crypto/openssl_ptr.h"
#include "pkcs11-client/provider.h"

namespace signet::pkcs11::provider {

namespace {

using AlgorithmPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;
using PssPtr = OpensslPtr<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;
using StringPtr = OpensslPtr<ASN1_STRING, ASN1_STRING_free>;
using DigestPtr = OpensslPtr<EVP_MD, EVP_MD_free>;

constexpr int kSaltIsDigest = RSA_PSS_SALTLEN_DIGEST;

struct SignatureState {
  explicit SignatureState(OSSL_LIB_CTX* own) : context(own) {}

  OSSL_LIB_CTX* context;
  std::shared_ptr<KeyContent> key;
  DigestContextPtr digest;  // what digest_sign_update() feeds
  std::string hash;
  std::string mgf_hash;  // empty: the same
  bool pss = false;
  int salt_length = kSaltIsDigest;
};

SignatureState& state(void* context) {
  return *static_cast<SignatureState*>(context);
}

bool is(const SignatureState& own, const char* type) {
  return own.key && EVP_PKEY_is_a(own.key->public_half.get(), type) == 1;
}

bool is_rsa(const SignatureState& own) {
  return is(own, kRsa);
}

DigestPtr digest_of(const SignatureState& own, const std::string& name) {
  return DigestPtr(EVP_MD_fetch(own.context, name.c_str(), kDefaultProperties));
}

int digest_size(const SignatureState& own) {
  const DigestPtr digest = digest_of(own, own.hash);
  return digest ? EVP_MD_get_size(digest.get()) : 0;
}

int salt_length(const SignatureState& own) {
  return own.salt_length < 0 ? digest_size(own) : own.salt_length;
}

// "SHA256" for every name of it; empty for what OpenSSL does not know.
std::string canonical(const SignatureState& own, const std::string& name) {
  const DigestPtr digest = digest_of(own, name);
  if (!digest) return {};
  const int nid = EVP_MD_get_type(digest.get());
  return nid == NID_undef ? EVP_MD_get0_name(digest.get()) : OBJ_nid2sn(nid);
}

void* new_state(void* provider, const char* /*properties*/) {
  return new (std::nothrow) SignatureState(static_cast<OSSL_LIB_CTX*>(provider));
}

void free_state(void* context) {
  delete static_cast<SignatureState*>(context);
}

void* copy_state(void* context) {
  const SignatureState& own = state(context);
  std::unique_ptr<SignatureState> copy;
  const int made = guarded([&] {
    copy = std::make_unique<SignatureState>(own.context);
    copy->key = own.key;
    copy->hash = own.hash;
    copy->mgf_hash = own.mgf_hash;
    copy->pss = own.pss;
    copy->salt_length = own.salt_length;
    if (!own.digest) return true;
    copy->digest.reset(EVP_MD_CTX_new());
    return EVP_MD_CTX_copy_ex(copy->digest.get(), own.digest.get()) == 1;
  });
  return made == 1 ? copy.release() : nullptr;
}

int set_params(void* context, const OSSL_PARAM params[]);

int sign_init(void* context, void* key, const OSSL_PARAM params[]) {
  SignatureState& own = state(context);
  if (key != nullptr) own.key = static_cast<KeyData*>(key)->content;
  if (!own.key || !own.key->signer) return 0;
  return set_params(context, params);
}

int digest_sign_init(void* context, const char* hash, void* key, const OSSL_PARAM params[]) {
  return guarded([&] {
    SignatureState& own = state(context);
    own.hash = canonical(own, hash == nullptr || *hash == '\0' ? "SHA256" : hash);
    const DigestPtr digest = digest_of(own, own.hash);
    own.digest.reset(EVP_MD_CTX_new());
    return digest && own.digest &&
           EVP_DigestInit_ex2(own.digest.get(), digest.get(), nullptr) == 1 &&
           sign_init(context, key, params) == 1;
  });
}

// Ed25519 signs messages (RFC 8032), so that there is nothing to hash with.
int message_sign_init(void* context, const char* hash, void* key, const OSSL_PARAM params[]) {
  if (hash != nullptr && *hash != '\0') {
    ERR_raise(ERR_LIB_PROV, PROV_R_INVALID_DIGEST);
    return 0;
  }
  return sign_init(context, key, params);
}

int digest_sign_update(void* context, const unsigned char* part, std::size_t size) {
  const SignatureState& own = state(context);
  return own.digest ? EVP_DigestUpdate(own.digest.get(), part, size) : 0;
}

DigestSignature wish_of(const SignatureState& own) {
  using Scheme = DigestSignature::Scheme;
  if (is(own, kEd25519)) return {Scheme::eddsa, "", ""};
  DigestSignature wish;
  wish.scheme = !is_rsa(own) ? Scheme::ecdsa : own.pss ? Scheme::rsa_pss : Scheme::rsa_pkcs1;
  wish.hash = own.hash;
  wish.mgf_hash = own.mgf_hash.empty() ? own.hash : own.mgf_hash;
  wish.salt_length = static_cast<std::size_t>(salt_length(own));
  return wish;
}

bool sign_digest(const SignatureState& own, unsigned char* signature, std::size_t* size,
                 std::size_t room, ByteView digest) {
  const Bytes made = own.key->signer(wish_of(own), digest);
  if (made.empty() || made.size() > room) {
    ERR_raise(ERR_LIB_PROV, PROV_R_FAILED_TO_SIGN);
    return false;
  }
  std::memcpy(signature, made.data(), made.size());
  *size = made.size();
  return true;
}

int sign(void* context, unsigned char* signature, std::size_t* size, std::size_t room,
         const unsigned char* digest, std::size_t digest_length) {
  return guarded([&] {
    const SignatureState& own = state(context);
    if (!own.key) return false;
    *size = static_cast<std::size_t>(EVP_PKEY_get_size(own.key->public_half.get()));
    return signature == nullptr || sign_digest(own, signature, size, room, {digest, digest_length});
  });
}

int digest_sign_final(void* context, unsigned char* signature, std::size_t* size,
                      std::size_t room) {
  const SignatureState& own = state(context);
  if (signature == nullptr) return sign(context, nullptr, size, 0, nullptr, 0);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (!own.digest || EVP_DigestFinal_ex(own.digest.get(), digest, &length) != 1) return 0;
  return sign(context, signature, size, room, digest, length);
}

std::string text_of_param(const OSSL_PARAM& param) {
  if (param.data_type == OSSL_PARAM_UTF8_STRING)
    return {static_cast<const char*>(param.data),
            strnlen(static_cast<const char*>(param.data), param.data_size)};
  int number = 0;
  return OSSL_PARAM_get_int(&param, &number) == 1 ? std::to_string(number) : "";
}

bool set_padding(SignatureState& own, const std::string& mode) {
  own.pss = mode == OSSL_PKEY_RSA_PAD_MODE_PSS || mode == std::to_string(RSA_PKCS1_PSS_PADDING);
  return own.pss || mode == OSSL_PKEY_RSA_PAD_MODE_PKCSV15 ||
         mode == std::to_string(RSA_PKCS1_PADDING);
}

bool set_salt_length(SignatureState& own, const std::string& length) {
  if (length == OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST) return (own.salt_length = kSaltIsDigest) != 0;
  const auto [end, code] =
      std::from_chars(length.data(), length.data() + length.size(), own.salt_length);
  return code == std::errc() && end == length.data() + length.size() &&
         own.salt_length >= kSaltIsDigest;
}

int set_params(void* context, const OSSL_PARAM params[]) {
  return guarded([&] {
    SignatureState& own = state(context);
    for (; params != nullptr && params->key != nullptr; ++params) {
      const std::string_view name = params->key;
      const std::string value = text_of_param(*params);
      bool good = true;
      if (name == OSSL_SIGNATURE_PARAM_DIGEST) {
        good = !(own.hash = canonical(own, value)).empty();
      } else if (name == OSSL_SIGNATURE_PARAM_MGF1_DIGEST) {
        good = !(own.mgf_hash = canonical(own, value)).empty();
      } else if (name == OSSL_SIGNATURE_PARAM_PAD_MODE) {
        good = set_padding(own, value);
      } else if (name == OSSL_SIGNATURE_PARAM_PSS_SALTLEN) {
        good = set_salt_length(own, value);
      }
      if (!good) return false;
    }
    return true;
  });
}

const OSSL_PARAM* settable_params(void* /*context*/, void* /*provider*/) {
  static const OSSL_PARAM kSettable[] = {
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_MGF1_DIGEST, nullptr, 0), OSSL_PARAM_END};
  return kSettable;
}

// RSASSA-PSS-params (RFC 8017, A.2.3), as an ASN.1 string.
StringPtr pss_parameters(const SignatureState& own) {
  const PssPtr pss(RSA_PSS_PARAMS_new());
  const auto algorithm = [&](const std::string& hash) {
    X509_ALGOR* made = X509_ALGOR_new();
    X509_ALGOR_set0(made, OBJ_txt2obj(hash.c_str(), 0), V_ASN1_NULL, nullptr);
    return made;
  };
  pss->hashAlgorithm = algorithm(own.hash);
  const AlgorithmPtr mgf_hash(algorithm(own.mgf_hash.empty() ? own.hash : own.mgf_hash));
  ASN1_STRING* packed = ASN1_item_pack(mgf_hash.get(), ASN1_ITEM_rptr(X509_ALGOR), nullptr);
  pss->maskGenAlgorithm = X509_ALGOR_new();
  X509_ALGOR_set0(pss->maskGenAlgorithm, OBJ_nid2obj(NID_mgf1), V_ASN1_SEQUENCE, packed);
  pss->saltLength = ASN1_INTEGER_new();
  ASN1_INTEGER_set(pss->saltLength, salt_length(own));
  return StringPtr(ASN1_item_pack(pss.get(), ASN1_ITEM_rptr(RSA_PSS_PARAMS), nullptr));
}

// The AlgorithmIdentifier of the signature; empty where there is none for this hash.
Bytes algorithm_identifier(const SignatureState& own) {
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  if (is_rsa(own) && own.pss) {
    X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_rsassaPss), V_ASN1_SEQUENCE,
                    pss_parameters(own).release());
    return crypto::der_of(algorithm.get(), i2d_X509_ALGOR);
  }
  int nid = NID_ED25519;
  const int key = is_rsa(own) ? NID_rsaEncryption : NID_X9_62_id_ecPublicKey;
  if (!is(own, kEd25519) && OBJ_find_sigid_by_algs(&nid, OBJ_txt2nid(own.hash.c_str()), key) != 1)
    return {};
  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(nid), is_rsa(own) ? V_ASN1_NULL : V_ASN1_UNDEF,
                  nullptr);
  return crypto::der_of(algorithm.get(), i2d_X509_ALGOR);
}

bool give_text_or_number(OSSL_PARAM* param, const char* text, int number) {
  if (param->data_type == OSSL_PARAM_UTF8_STRING)
    return OSSL_PARAM_set_utf8_string(param, text) == 1;
  return OSSL_PARAM_set_int(param, number) == 1;
}

int get_context_params(void* context, OSSL_PARAM params[]) {
  return guarded([&] {
    const SignatureState& own = state(context);
    for (OSSL_PARAM* param = params; param != nullptr && param->key != nullptr; ++param) {
      const std::string_view name = param->key;
      bool good = true;
      if (name == OSSL_SIGNATURE_PARAM_ALGORITHM_ID) {
        const Bytes der = algorithm_identifier(own);
        good = !der.empty() && OSSL_PARAM_set_octet_string(param, der.data(), der.size()) == 1;
      } else if (name == OSSL_SIGNATURE_PARAM_DIGEST) {
        good = OSSL_PARAM_set_utf8_string(param, own.hash.c_str()) == 1;
      } else if (name == OSSL_SIGNATURE_PARAM_MGF1_DIGEST) {
        good = OSSL_PARAM_set_utf8_string(
                   param, (own.mgf_hash.empty() ? own.hash : own.mgf_hash).c_str()) == 1;
      } else if (name == OSSL_SIGNATURE_PARAM_PAD_MODE) {
        good = give_text_or_number(
            param, own.pss ? OSSL_PKEY_RSA_PAD_MODE_PSS : OSSL_PKEY_RSA_PAD_MODE_PKCSV15,
            own.pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
      } else if (name == OSSL_SIGNATURE_PARAM_PSS_SALTLEN) {
        const int length = salt_length(own);
        good = give_text_or_number(param, std::to_string(length).c_str(), length);
      }
      if (!good) return false;
    }
    return true;
  });
}

const OSSL_PARAM* gettable_context_params(void* /*context*/, void* /*provider*/) {
  static const OSSL_PARAM kGettable[] = {
      OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_MGF1_DIGEST, nullptr, 0),
      OSSL_PARAM_END};
  return kGettable;
}

const OSSL_DISPATCH kSignature[] = {
    entry(OSSL_FUNC_SIGNATURE_NEWCTX, new_state),
    entry(OSSL_FUNC_SIGNATURE_FREECTX, free_state),
    entry(OSSL_FUNC_SIGNATURE_DUPCTX, copy_state),
    entry(OSSL_FUNC_SIGNATURE_SIGN_INIT, sign_init),
    entry(OSSL_FUNC_SIGNATURE_SIGN, sign),
    entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, digest_sign_init),
    entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, digest_sign_update),
    entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, digest_sign_final),
    entry(OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, get_context_params),
    entry(OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS, gettable_context_params),
    entry(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, set_params),
    entry(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, settable_params),
    {0, nullptr}};

const OSSL_DISPATCH kMessageSignature[] = {
    entry(OSSL_FUNC_SIGNATURE_NEWCTX, new_state),
    entry(OSSL_FUNC_SIGNATURE_FREECTX, free_state),
    entry(OSSL_FUNC_SIGNATURE_DUPCTX, copy_state),
    entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, message_sign_init),
    entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN, sign),
    entry(OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, get_context_params),
    entry(OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS, gettable_context_params),
    {0, nullptr}};

}  // namespace

const OSSL_ALGORITHM kSignatures[] = {
    {"RSA:rsaEncryption:1.2.840.113549.1.1.1", kProperties, kSignature, "RSA, signed by a token"},
    {"ECDSA", kProperties, kSignature, "ECDSA, signed by a token"},
    {"ED25519:1.3.101.112", kProperties, kMessageSignature, "Ed25519, signed by a token"},
    {nullptr, nullptr, nullptr, nullptr}};

}  // namespace signet::pkcs11::provider
