#include "crypto/digest.h"

#include <utility>

#include "crypto/host_errors.h"
#include "crypto/provider_function.h"

namespace signet::crypto {

namespace {

CkError spent() {
  return ck_error(CKR_OPERATION_NOT_INITIALIZED, "this digest is finished already");
}

CkError failed() {
  return ck_error(CKR_FUNCTION_FAILED, "OpenSSL could not compute the digest");
}

}  // namespace

void Digest::FreeState::operator()(void* state) const noexcept {
  if (!openssl_is_gone()) free(state);
}

Digest::Digest(std::shared_ptr<Context> context, Hash hash)
    : context_(std::move(context)),
      hash_(hash),
      functions_(context_->digest_functions(hash)),
      state_(nullptr, {provider_function<OSSL_FUNC_digest_freectx_fn>(functions_,
                                                                      OSSL_FUNC_DIGEST_FREECTX)}) {
  state_.reset(provider_function<OSSL_FUNC_digest_newctx_fn>(
      functions_, OSSL_FUNC_DIGEST_NEWCTX)(context_->provider_state()));
}

CkResult<Digest> Digest::start(std::shared_ptr<Context> context, Hash hash) {
  if (hash == Hash::none) return ck_error(CKR_MECHANISM_INVALID, "no hash is named");
  const HostErrors aside;
  Digest digest(std::move(context), hash);
  if (digest.state_ == nullptr) return ck_error(CKR_HOST_MEMORY, "no memory for a digest");
  const auto init =
      provider_function<OSSL_FUNC_digest_init_fn>(digest.functions_, OSSL_FUNC_DIGEST_INIT);
  if (init(digest.state_.get(), nullptr) != 1) return failed();
  return digest;
}

CkResult<void> Digest::update(ByteView data) {
  if (state_ == nullptr) return spent();
  if (data.empty()) return success();
  const HostErrors aside;
  const auto take =
      provider_function<OSSL_FUNC_digest_update_fn>(functions_, OSSL_FUNC_DIGEST_UPDATE);
  if (take(state_.get(), data.data(), data.size()) != 1) return failed();
  return success();
}

CkResult<Bytes> Digest::finish() {
  if (state_ == nullptr) return spent();
  const HostErrors aside;
  Bytes value(size());
  std::size_t written = 0;
  const auto end = provider_function<OSSL_FUNC_digest_final_fn>(functions_, OSSL_FUNC_DIGEST_FINAL);
  const bool good = end(state_.get(), value.data(), &written, value.size()) == 1;
  state_.reset();
  if (!good || written != value.size()) return failed();
  return value;
}

CkResult<Bytes> digest_of(std::shared_ptr<Context> context, Hash hash, ByteView data) {
  BOOST_OUTCOME_TRY(auto digest, Digest::start(std::move(context), hash));
  BOOST_OUTCOME_TRY(digest.update(data));
  return digest.finish();
}

}  // namespace signet::crypto
