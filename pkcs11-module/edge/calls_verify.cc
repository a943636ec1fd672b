// Verification (PKCS#11 3.0, 5.14), by message (5.15), and of a signature given first (3.2): local, with the public key.

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/keyed_operation.h"
#include "pkcs11-module/operation/signing.h"

namespace signet::edge {

namespace {

using token::KeyedOperation;
using token::Operations;

CkResult<ByteView> signature_of(const CK_BYTE* signature, CK_ULONG signature_len) {
  BOOST_OUTCOME_TRY(required(signature, "pSignature"));
  return input(signature, signature_len, "pSignature");
}

CkResult<void> check_length(const KeyedOperation& operation, ByteView signature) {
  if (signature.size() == operation.key->signature_size()) return success();
  return ck_error(CKR_SIGNATURE_LEN_RANGE, "the signature has another length than the key makes");
}

CkResult<void> check_signature(KeyedOperation& operation, ByteView signature) {
  BOOST_OUTCOME_TRY(const auto data, operation.message.finish());
  BOOST_OUTCOME_TRY(check_length(operation, signature));
  if (operation::verify(operation.chosen, *operation.key, data, signature)) return success();
  return ck_error(CKR_SIGNATURE_INVALID, "the signature is wrong");
}

CkResult<void> check_signature(KeyedOperation& operation, const CK_BYTE* signature,
                               CK_ULONG signature_len) {
  BOOST_OUTCOME_TRY(const auto bytes, signature_of(signature, signature_len));
  return check_signature(operation, bytes);
}

// Every call that checks a signature ends the operation, right or wrong.
CkResult<KeyedOperation> take(token::Session& session, PlaceOf place) {
  const MutexLock lock(session.mutex());
  Place& active = session.operations().*place;
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_VerifyInit first");
  return *std::exchange(active, std::nullopt);
}

}  // namespace

CkResult<void> Calls::VerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
                                 CK_OBJECT_HANDLE key) {
  return begin(library_, session, &Operations::verify, mechanism, key, CKF_VERIFY);
}

CkResult<void> Calls::Verify(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_len,
                             CK_BYTE_PTR signature, CK_ULONG signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(auto operation, take(*found, &Operations::verify));
  if (operation.in_parts) {
    return ck_error(CKR_OPERATION_ACTIVE, "C_VerifyUpdate was called: end with C_VerifyFinal");
  }
  BOOST_OUTCOME_TRY(const auto bytes, input(data, data_len, "pData"));
  BOOST_OUTCOME_TRY(operation.message.update(bytes));
  return check_signature(operation, signature, signature_len);
}

CkResult<void> Calls::VerifyUpdate(CK_SESSION_HANDLE session, CK_BYTE_PTR part, CK_ULONG part_len) {
  return update(library_, session, &Operations::verify, part, part_len);
}

CkResult<void> Calls::VerifyFinal(CK_SESSION_HANDLE session, CK_BYTE_PTR signature,
                                  CK_ULONG signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(auto operation, take(*found, &Operations::verify));
  return check_signature(operation, signature, signature_len);
}

CkResult<void> Calls::MessageVerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
                                        CK_OBJECT_HANDLE key) {
  return begin(library_, session, &Operations::message_verify, mechanism, key, CKF_VERIFY);
}

namespace {

CkResult<void> require_verify_process(token::Session& session, bool begun)
    SIGNET_REQUIRES(session.mutex()) {
  const Place& active = session.operations().message_verify;
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_MessageVerifyInit first");
  if (active->in_parts == begun) return success();
  if (begun) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_VerifyMessageBegin first");
  return ck_error(CKR_OPERATION_ACTIVE, "a message is begun: end it with C_VerifyMessageNext");
}

// Adds the last part, checks, and makes the process ready for the next message.
CkResult<void> check_message(token::Session& session, ByteView last_part, const CK_BYTE* signature,
                             CK_ULONG signature_len) SIGNET_REQUIRES(session.mutex()) {
  KeyedOperation& active = *session.operations().message_verify;
  const auto checked = [&]() -> CkResult<void> {
    BOOST_OUTCOME_TRY(active.message.update(last_part));
    return check_signature(active, signature, signature_len);
  }();
  BOOST_OUTCOME_TRY(active.restart(session.token().crypto_context()));
  return checked;
}

}  // namespace

CkResult<void> Calls::VerifyMessage(CK_SESSION_HANDLE session, CK_VOID_PTR /*parameter*/,
                                    CK_ULONG /*parameter_len*/, CK_BYTE_PTR data, CK_ULONG data_len,
                                    CK_BYTE_PTR signature, CK_ULONG signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto bytes, input(data, data_len, "pData"));
  const MutexLock lock(found->mutex());
  BOOST_OUTCOME_TRY(require_verify_process(*found, false));
  return check_message(*found, bytes, signature, signature_len);
}

CkResult<void> Calls::VerifyMessageBegin(CK_SESSION_HANDLE session, CK_VOID_PTR /*parameter*/,
                                         CK_ULONG /*parameter_len*/) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  BOOST_OUTCOME_TRY(require_verify_process(*found, false));
  found->operations().message_verify->in_parts = true;
  return success();
}

// pSignature NULL: more parts follow. Otherwise this is the last one.
CkResult<void> Calls::VerifyMessageNext(CK_SESSION_HANDLE session, CK_VOID_PTR /*parameter*/,
                                        CK_ULONG /*parameter_len*/, CK_BYTE_PTR data,
                                        CK_ULONG data_len, CK_BYTE_PTR signature,
                                        CK_ULONG signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto bytes, input(data, data_len, "pData"));
  const MutexLock lock(found->mutex());
  BOOST_OUTCOME_TRY(require_verify_process(*found, true));
  if (signature == nullptr) return found->operations().message_verify->message.update(bytes);
  return check_message(*found, bytes, signature, signature_len);
}

CkResult<void> Calls::MessageVerifyFinal(CK_SESSION_HANDLE session) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  Place& active = found->operations().message_verify;
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_MessageVerifyInit first");
  active.reset();
  return success();
}

// C_VerifySignatureInit and its kin (PKCS#11 3.2): the signature comes before the data.

CkResult<void> Calls::VerifySignatureInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
                                          CK_OBJECT_HANDLE key, CK_BYTE_PTR signature,
                                          CK_ULONG signature_len) {
  BOOST_OUTCOME_TRY(
      begin(library_, session, &Operations::verify_signature, mechanism, key, CKF_VERIFY));
  if (mechanism == nullptr) return success();
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  Operations& operations = found->operations();
  Place& active = operations.verify_signature;
  if (!active) return ck_error(CKR_FUNCTION_CANCELED, "another thread has ended the verification");
  const auto given = [&]() -> CkResult<void> {
    BOOST_OUTCOME_TRY(const auto bytes, signature_of(signature, signature_len));
    BOOST_OUTCOME_TRY(check_length(*active, bytes));
    operations.given_signature = copy_of(bytes);
    return success();
  }();
  if (!given) active.reset();
  return given;
}

namespace {

struct GivenSignature {
  KeyedOperation operation;
  Bytes signature;
};

// Every call that checks ends the operation, right or wrong.
CkResult<GivenSignature> take_given(token::Session& session) {
  const MutexLock lock(session.mutex());
  Place& active = session.operations().verify_signature;
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_VerifySignatureInit first");
  return GivenSignature{*std::exchange(active, std::nullopt),
                        std::exchange(session.operations().given_signature, {})};
}

}  // namespace

CkResult<void> Calls::VerifySignature(CK_SESSION_HANDLE session, CK_BYTE_PTR data,
                                      CK_ULONG data_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(auto given, take_given(*found));
  if (given.operation.in_parts) {
    return ck_error(CKR_OPERATION_ACTIVE,
                    "C_VerifySignatureUpdate was called: end with C_VerifySignatureFinal");
  }
  BOOST_OUTCOME_TRY(const auto bytes, input(data, data_len, "pData"));
  BOOST_OUTCOME_TRY(given.operation.message.update(bytes));
  return check_signature(given.operation, given.signature);
}

CkResult<void> Calls::VerifySignatureUpdate(CK_SESSION_HANDLE session, CK_BYTE_PTR part,
                                            CK_ULONG part_len) {
  return update(library_, session, &Operations::verify_signature, part, part_len);
}

CkResult<void> Calls::VerifySignatureFinal(CK_SESSION_HANDLE session) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(auto given, take_given(*found));
  return check_signature(given.operation, given.signature);
}

}  // namespace signet::edge
