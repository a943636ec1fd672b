#include "pkcs11-module/edge/keyed_operation.h"

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/pending.h"

namespace signet::edge {

namespace {

// The kind of the pending calls that such an operation leads to.
std::optional<token::CallKind> pending_kind(PlaceOf place) {
  if (place == &token::Operations::sign) return token::CallKind::sign;
  if (place == &token::Operations::message_sign) return token::CallKind::message_sign;
  return std::nullopt;
}

CkResult<void> require_free(token::Session& session, PlaceOf place)
    SIGNET_REQUIRES(session.mutex()) {
  const auto kind = pending_kind(place);
  if (kind) {
    BOOST_OUTCOME_TRY(require_none_pending(session, *kind));
  }
  return success();
}

CkResult<void> cancel(token::Library& library, token::Session& session, PlaceOf place) {
  const auto kind = pending_kind(place);
  const bool was_pending = kind && library.cancel_pending(session, *kind);
  const MutexLock lock(session.mutex());
  Place& active = session.operations().*place;
  if (!active && !was_pending)
    return ck_error(CKR_ARGUMENTS_BAD, "pMechanism is NULL, and there is no operation to cancel");
  active.reset();
  return success();
}

CkResult<void> check_role(const object::Object& key, CK_FLAGS use) {
  if (key.object_class != CKO_PRIVATE_KEY && key.object_class != CKO_PUBLIC_KEY) {
    return ck_error(CKR_KEY_HANDLE_INVALID, "the object is not a key");
  }
  const CK_ATTRIBUTE_TYPE needed = use == CKF_SIGN ? CKA_SIGN : CKA_VERIFY;
  if (key.flag(needed)) return success();
  return ck_error(CKR_KEY_FUNCTION_NOT_PERMITTED,
                  use == CKF_SIGN
                      ? "the key cannot sign: it is a public key, or disabled at the appliance"
                      : "only public keys verify");
}

CkResult<object::ObjectPtr> find_key(token::Library& library, const token::Session& session,
                                     CK_OBJECT_HANDLE handle) {
  const auto found = session.token().objects()->get(handle);
  if (found && found->is_private() && !session.token().shows_private()) {
    return ck_error(CKR_USER_NOT_LOGGED_IN, "log in to the token first");
  }
  return library.find_object(session, handle, CKR_KEY_HANDLE_INVALID);
}

}  // namespace

CkResult<void> begin(token::Library& library, CK_SESSION_HANDLE session, PlaceOf place,
                     const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key, CK_FLAGS use) {
  BOOST_OUTCOME_TRY(const auto found, library.session(session));
  if (mechanism == nullptr) return cancel(library, *found, place);
  {
    const MutexLock lock(found->mutex());
    BOOST_OUTCOME_TRY(require_free(*found, place));
    if (found->operations().*place)
      return ck_error(CKR_OPERATION_ACTIVE, "an operation is active: end it first");
  }
  token::Token& token = found->token();
  BOOST_OUTCOME_TRY(const auto object, find_key(library, *found, key));
  const auto choose = [&](const mechanism::Offer& offer) -> CkResult<mechanism::Chosen> {
    BOOST_OUTCOME_TRY(offer.for_use(mechanism->mechanism, use));
    BOOST_OUTCOME_TRY(check_role(*object, use));
    return mechanism::choose(offer, *mechanism, use, *object->public_key);
  };
  BOOST_OUTCOME_TRY(const auto chosen,
                    use == CKF_SIGN ? token.judge(choose) : choose(*token.known_offer()));
  token::KeyedOperation operation{chosen, object->public_key, object, {}, {}, false};
  BOOST_OUTCOME_TRY(operation.restart(token.crypto_context()));
  const MutexLock lock(found->mutex());
  found->operations().*place = std::move(operation);
  return success();
}

CkResult<void> update(token::Library& library, CK_SESSION_HANDLE session, PlaceOf place,
                      const CK_BYTE* part, CK_ULONG part_len) {
  BOOST_OUTCOME_TRY(const auto found, library.session(session));
  const MutexLock lock(found->mutex());
  BOOST_OUTCOME_TRY(require_free(*found, place));
  Place& active = found->operations().*place;
  if (!active) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call the Init function first");
  const auto added = [&]() -> CkResult<void> {
    BOOST_OUTCOME_TRY(const auto bytes, input(part, part_len, "pPart"));
    return active->message.update(bytes);
  }();
  if (!added) {
    active.reset();
    return added;
  }
  active->in_parts = true;
  return success();
}

}  // namespace signet::edge
