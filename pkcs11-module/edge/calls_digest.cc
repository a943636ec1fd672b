// Digests (PKCS#11 3.0, 5.10) and random numbers (5.18): both local.

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/operation/output.h"

namespace signet::edge {

namespace {

using DigestPlace = std::optional<token::DigestOperation>;

// Calls `work`; an error ends the operation.
template <typename Work>
CkResult<void> ending_on_error(DigestPlace& active, Work&& work) {
  auto result = work();
  if (!result) active.reset();
  return result;
}

CkResult<void> finish(DigestPlace& active, ByteView last_part, CK_BYTE_PTR digest,
                      CK_ULONG_PTR digest_len) {
  const operation::Output output(digest, digest_len);
  BOOST_OUTCOME_TRY(const bool go_on, output.prepare(active->digest.size()));
  if (!go_on) return success();
  auto operation = std::exchange(active, std::nullopt);
  BOOST_OUTCOME_TRY(operation->digest.update(last_part));
  BOOST_OUTCOME_TRY(const auto result, operation->digest.finish());
  output.deliver(result);
  return success();
}

CkError not_initialized_operation() {
  return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_DigestInit first");
}

}  // namespace

CkResult<void> Calls::DigestInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  DigestPlace& active = found->operations().digest;
  if (mechanism == nullptr) {
    if (!active)
      return ck_error(CKR_ARGUMENTS_BAD, "pMechanism is NULL, and there is no digest to cancel");
    active.reset();
    return success();
  }
  if (active) return ck_error(CKR_OPERATION_ACTIVE, "a digest is active: end it first");
  token::Token& token = found->token();
  BOOST_OUTCOME_TRY(const auto* row,
                    token.known_offer()->for_use(mechanism->mechanism, CKF_DIGEST));
  BOOST_OUTCOME_TRY(auto digest, crypto::Digest::start(token.crypto_context(), row->hash));
  active.emplace(token::DigestOperation{std::move(digest), false});
  return success();
}

CkResult<void> Calls::Digest(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_len,
                             CK_BYTE_PTR digest, CK_ULONG_PTR digest_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  DigestPlace& active = found->operations().digest;
  if (!active) return not_initialized_operation();
  ByteView bytes;
  BOOST_OUTCOME_TRY(ending_on_error(active, [&]() -> CkResult<void> {
    if (active->in_parts) {
      return ck_error(CKR_OPERATION_ACTIVE, "C_DigestUpdate was called: end with C_DigestFinal");
    }
    BOOST_OUTCOME_TRY(required(digest_len, "pulDigestLen"));
    BOOST_OUTCOME_TRY(bytes, input(data, data_len, "pData"));
    return success();
  }));
  return finish(active, bytes, digest, digest_len);
}

CkResult<void> Calls::DigestUpdate(CK_SESSION_HANDLE session, CK_BYTE_PTR part, CK_ULONG part_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  DigestPlace& active = found->operations().digest;
  if (!active) return not_initialized_operation();
  return ending_on_error(active, [&]() -> CkResult<void> {
    BOOST_OUTCOME_TRY(const auto bytes, input(part, part_len, "pPart"));
    active->in_parts = true;
    return active->digest.update(bytes);
  });
}

CkResult<void> Calls::DigestFinal(CK_SESSION_HANDLE session, CK_BYTE_PTR digest,
                                  CK_ULONG_PTR digest_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  DigestPlace& active = found->operations().digest;
  if (!active) return not_initialized_operation();
  BOOST_OUTCOME_TRY(ending_on_error(active, [&] { return required(digest_len, "pulDigestLen"); }));
  return finish(active, {}, digest, digest_len);
}

CkResult<void> Calls::SeedRandom(CK_SESSION_HANDLE session, CK_BYTE_PTR seed, CK_ULONG seed_len) {
  BOOST_OUTCOME_TRY(library_.session(session));
  BOOST_OUTCOME_TRY(input(seed, seed_len, "pSeed"));
  return ck_error(CKR_RANDOM_SEED_NOT_SUPPORTED, "the system's generator seeds itself");
}

CkResult<void> Calls::GenerateRandom(CK_SESSION_HANDLE session, CK_BYTE_PTR out,
                                     CK_ULONG random_len) {
  BOOST_OUTCOME_TRY(library_.session(session));
  BOOST_OUTCOME_TRY(input(out, random_len, "RandomData"));
  return crypto::random_bytes({out, random_len});
}

}  // namespace signet::edge
