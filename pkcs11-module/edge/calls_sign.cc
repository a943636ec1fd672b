// Signatures (PKCS#11 3.0, 5.11), and by message (5.13).

#include <fmt/format.h>

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/keyed_operation.h"
#include "pkcs11-module/edge/pending.h"
#include "pkcs11-module/edge/repeatable.h"
#include "pkcs11-module/operation/output.h"

namespace signet::edge {

namespace {

using token::KeyedOperation;
using token::Operations;

// Takes the active operation out, so that it has ended whatever comes of the signature and no lock is held
// over the request. Nothing taken: the call only asked for the length, and the operation stays, as it does with
// CKR_BUFFER_TOO_SMALL.
CkResult<Place> take(Place& active, CK_BYTE_PTR signature, CK_ULONG_PTR signature_len) {
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_SignInit first");
  if (signature_len == nullptr) {
    active.reset();
    return ck_error(CKR_ARGUMENTS_BAD, "pulSignatureLen is NULL");
  }
  BOOST_OUTCOME_TRY(
      const bool go_on,
      operation::Output(signature, signature_len).prepare(active->key->signature_size()));
  if (!go_on) return Place();
  return std::exchange(active, std::nullopt);
}

// The reference for a signature that begins; of the one before nothing is known any more.
std::string begin_notes(token::Session& session) {
  const MutexLock lock(session.mutex());
  session.notes().last_request_id.clear();
  return session.notes().reference;
}

void note_request(token::Session& session, const std::string& id) {
  const MutexLock lock(session.mutex());
  session.notes().last_request_id = id;
}

// A signature from the end of its message to its delivery.
struct Signing {
  KeyedOperation operation;
  Bytes data;
  std::string reference;
  std::optional<Secret> sign_password;
  SteadyTime began = std::chrono::steady_clock::now();
  transport::Trace trace = {};
  std::shared_ptr<transport::SignRecord> record = {};  // of one that can be asked for again
};
using SigningPtr = std::shared_ptr<Signing>;

// Ends the operation's message. The second credential of the operation, if any, is used up.
CkResult<SigningPtr> begin_signing(token::Session& session, KeyedOperation operation) {
  std::string reference = begin_notes(session);
  BOOST_OUTCOME_TRY(auto data, operation.message.finish());
  auto sign_password = std::exchange(operation.sign_password, std::nullopt);
  return std::make_shared<Signing>(Signing{std::move(operation), std::move(data),
                                           std::move(reference), std::move(sign_password)});
}

// See Token::sign().
token::Token::MakeRequest words_for(const token::Token& token, SigningPtr signing) {
  return [&token, signing = std::move(signing)](
             const mechanism::Offer& offer) -> CkResult<transport::SignRequest> {
    const KeyedOperation& operation = signing->operation;
    BOOST_OUTCOME_TRY(auto request, operation::sign_request(operation.chosen, *operation.key,
                                                            signing->data, offer));
    request.key_id = operation.object->appliance_id;
    request.sign_password = signing->sign_password;
    if (token.carries_reference()) request.reference = signing->reference;
    if (signing->record) {
      signing->record->begin(request);
      request.records = {signing->record};
    }
    return request;
  };
}

// The check of what came back. A signature that does not verify is CKR_DEVICE_ERROR and is not returned.
CkResult<void> conclude_signing(token::Session& session, const Signing& signing,
                                ByteView signature) {
  const KeyedOperation& operation = signing.operation;
  note_request(session, signing.trace.request_id);
  if (!operation::verify(operation.chosen, *operation.key, signing.data, signature)) {
    return CkError{
        CKR_DEVICE_ERROR,
        fmt::format("the appliance returned a wrong signature for key {}; it was thrown away. "
                    "Ask the appliance's operator to check the appliance",
                    operation.object->appliance_id),
        {0, {}, signing.trace.request_id, signing.trace.member}};
  }
  session.token().log_done("signed with key",
                           operation.object->find(CKA_LABEL).value_or(ByteView{}), signing.trace,
                           signing.began);
  return success();
}

token::CallTask signature_of_task(token::Token& token, SigningPtr signing) {
  auto made = co_await token.start_sign(words_for(token, signing));
  BOOST_OUTCOME_CO_TRY(auto signatures, std::move(made));
  signing->trace = std::move(signatures.trace);
  co_return token::CallOutcome{.value = std::move(signatures.values.front())};
}

struct Delivery {
  std::string_view function;  // a literal
  token::CallKind kind;
  CK_BYTE_PTR signature;
  CK_ULONG_PTR signature_len;
};

CkResult<void> start_signing(token::Library& library, token::Session& session, SigningPtr signing,
                             const Delivery& delivery) {
  const auto conclude = [signing](token::Session& concluding, const token::CallOutcome& outcome) {
    return conclude_signing(concluding, *signing, outcome.value);
  };
  token::Token& token = session.token();
  signing->record = sign_record(token, signing->operation, signing->sign_password.has_value());
  auto save = save_of_signing(token, delivery.function, signing->record, signing->operation.key);
  return start_pending(
      library, session,
      {.function = delivery.function,
       .kind = delivery.kind,
       .has_output = true,
       .buffer = delivery.signature},
      {.task = signature_of_task(token, signing), .conclude = conclude, .save = std::move(save)});
}

// Signs: a request to the appliance. In an asynchronous session the signature is fetched later.
CkResult<void> sign_and_deliver(token::Library& library, token::Session& session,
                                KeyedOperation operation, const Delivery& delivery) {
  BOOST_OUTCOME_TRY(const auto signing, begin_signing(session, std::move(operation)));
  if (session.asynchronous() && !delivery.function.empty())
    return start_signing(library, session, signing, delivery);
  token::Token& token = session.token();
  BOOST_OUTCOME_TRY(auto signatures, token.sign(words_for(token, signing)));
  signing->trace = std::move(signatures.trace);
  const Bytes& made = signatures.values.front();
  BOOST_OUTCOME_TRY(conclude_signing(session, *signing, made));
  operation::Output(delivery.signature, delivery.signature_len).deliver(made);
  return success();
}

}  // namespace

CkResult<void> Calls::SignInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
                               CK_OBJECT_HANDLE key) {
  return begin(library_, session, &Operations::sign, mechanism, key, CKF_SIGN);
}

CkResult<void> Calls::Sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_len,
                           CK_BYTE_PTR signature, CK_ULONG_PTR signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  Place operation;
  {
    const MutexLock lock(found->mutex());
    BOOST_OUTCOME_TRY(require_none_pending(*found, token::CallKind::sign));
    Place& active = found->operations().sign;
    if (active && active->in_parts) {
      active.reset();
      return ck_error(CKR_OPERATION_ACTIVE, "C_SignUpdate was called: end with C_SignFinal");
    }
    BOOST_OUTCOME_TRY(operation, take(active, signature, signature_len));
  }
  if (!operation) return success();
  BOOST_OUTCOME_TRY(const auto bytes, input(data, data_len, "pData"));
  BOOST_OUTCOME_TRY(operation->message.update(bytes));
  return sign_and_deliver(library_, *found, *std::move(operation),
                          {"C_Sign", token::CallKind::sign, signature, signature_len});
}

CkResult<void> Calls::SignUpdate(CK_SESSION_HANDLE session, CK_BYTE_PTR part, CK_ULONG part_len) {
  return update(library_, session, &Operations::sign, part, part_len);
}

CkResult<void> Calls::SignFinal(CK_SESSION_HANDLE session, CK_BYTE_PTR signature,
                                CK_ULONG_PTR signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  Place operation;
  {
    const MutexLock lock(found->mutex());
    BOOST_OUTCOME_TRY(require_none_pending(*found, token::CallKind::sign));
    BOOST_OUTCOME_TRY(operation, take(found->operations().sign, signature, signature_len));
  }
  if (!operation) return success();
  return sign_and_deliver(library_, *found, *std::move(operation),
                          {"C_SignFinal", token::CallKind::sign, signature, signature_len});
}

// The message-based functions: one C_MessageSignInit serves many messages, and an error in one of them does
// not end the process (5.13.2).

CkResult<void> Calls::MessageSignInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
                                      CK_OBJECT_HANDLE key) {
  return begin(library_, session, &Operations::message_sign, mechanism, key, CKF_SIGN);
}

namespace {

// Takes the message out of the process and leaves a fresh one behind.
CkResult<Place> take_message(token::Session& session, CK_BYTE_PTR signature,
                             CK_ULONG_PTR signature_len) SIGNET_REQUIRES(session.mutex()) {
  Place& active = session.operations().message_sign;
  BOOST_OUTCOME_TRY(
      const bool go_on,
      operation::Output(signature, signature_len).prepare(active->key->signature_size()));
  if (!go_on) return Place();
  KeyedOperation next{active->chosen, active->key, active->object, {}, {}, false};
  BOOST_OUTCOME_TRY(next.restart(session.token().crypto_context()));
  return std::exchange(active, std::move(next));
}

CkResult<void> require_sign_process(token::Session& session, bool begun)
    SIGNET_REQUIRES(session.mutex()) {
  BOOST_OUTCOME_TRY(require_none_pending(session, token::CallKind::message_sign));
  const Place& active = session.operations().message_sign;
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_MessageSignInit first");
  if (active->in_parts == begun) return success();
  if (begun) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_SignMessageBegin first");
  return ck_error(CKR_OPERATION_ACTIVE, "a message is begun: end it with C_SignMessageNext");
}

}  // namespace

// None of our mechanisms has a parameter per message; what is given is not looked at.
CkResult<void> Calls::SignMessage(CK_SESSION_HANDLE session, CK_VOID_PTR /*parameter*/,
                                  CK_ULONG /*parameter_len*/, CK_BYTE_PTR data, CK_ULONG data_len,
                                  CK_BYTE_PTR signature, CK_ULONG_PTR signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(required(signature_len, "pulSignatureLen"));
  BOOST_OUTCOME_TRY(const auto bytes, input(data, data_len, "pData"));
  Place operation;
  {
    const MutexLock lock(found->mutex());
    BOOST_OUTCOME_TRY(require_sign_process(*found, false));
    BOOST_OUTCOME_TRY(operation, take_message(*found, signature, signature_len));
  }
  if (!operation) return success();
  BOOST_OUTCOME_TRY(operation->message.update(bytes));
  return sign_and_deliver(
      library_, *found, *std::move(operation),
      {"C_SignMessage", token::CallKind::message_sign, signature, signature_len});
}

CkResult<void> Calls::SignMessageBegin(CK_SESSION_HANDLE session, CK_VOID_PTR /*parameter*/,
                                       CK_ULONG /*parameter_len*/) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  BOOST_OUTCOME_TRY(require_sign_process(*found, false));
  found->operations().message_sign->in_parts = true;
  return success();
}

// pulSignatureLen NULL: more parts follow. Otherwise this is the last one.
CkResult<void> Calls::SignMessageNext(CK_SESSION_HANDLE session, CK_VOID_PTR /*parameter*/,
                                      CK_ULONG /*parameter_len*/, CK_BYTE_PTR data,
                                      CK_ULONG data_len, CK_BYTE_PTR signature,
                                      CK_ULONG_PTR signature_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto bytes, input(data, data_len, "pData"));
  Place operation;
  {
    const MutexLock lock(found->mutex());
    BOOST_OUTCOME_TRY(require_sign_process(*found, true));
    if (signature_len == nullptr) return found->operations().message_sign->message.update(bytes);
    BOOST_OUTCOME_TRY(operation, take_message(*found, signature, signature_len));
  }
  if (!operation) return success();
  BOOST_OUTCOME_TRY(operation->message.update(bytes));
  // Synchronous in every session.
  return sign_and_deliver(library_, *found, *std::move(operation),
                          {{}, token::CallKind::message_sign, signature, signature_len});
}

CkResult<void> Calls::MessageSignFinal(CK_SESSION_HANDLE session) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  BOOST_OUTCOME_TRY(require_none_pending(*found, token::CallKind::message_sign));
  Place& active = found->operations().message_sign;
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_MessageSignInit first");
  active.reset();
  return success();
}

}  // namespace signet::edge
