#include "pkcs11-module/crypto/digest.h"

#include <openssl/evp.h>

#include <utility>

namespace signet::crypto {

namespace {

Error spent() {
  return error(CKR_OPERATION_NOT_INITIALIZED, "this digest is finished already");
}

Error failed() {
  return error(CKR_FUNCTION_FAILED, "OpenSSL could not compute the digest");
}

}  // namespace

void Digest::FreeState::operator()(EVP_MD_CTX* state) const noexcept {
  if (!openssl_is_gone()) EVP_MD_CTX_free(state);
}

Result<Digest> Digest::start(std::shared_ptr<Context> context, HashType hash) {
  if (hash == HashType::none) return error(CKR_MECHANISM_INVALID, "no hash is named");
  const ErrorQueueGuard guard;
  Digest digest;
  digest.state_.reset(EVP_MD_CTX_new());
  if (digest.state_ == nullptr) return error(CKR_HOST_MEMORY, "no memory for a digest");
  if (EVP_DigestInit_ex2(digest.state_.get(), context->digest(hash), nullptr) != 1) return failed();
  digest.context_ = std::move(context);
  digest.hash_ = hash;
  return digest;
}

Result<void> Digest::update(ByteView data) {
  if (state_ == nullptr) return spent();
  const ErrorQueueGuard guard;
  if (EVP_DigestUpdate(state_.get(), data.data(), data.size()) != 1) return failed();
  return success();
}

Result<Bytes> Digest::finish() {
  if (state_ == nullptr) return spent();
  const ErrorQueueGuard guard;
  Bytes value(size());
  const bool good = EVP_DigestFinal_ex(state_.get(), value.data(), nullptr) == 1;
  state_.reset();
  if (!good) return failed();
  return value;
}

}  // namespace signet::crypto
