// Objects and searches (PKCS#11 3.0, 5.7), and key pairs (5.17.2).

#include <algorithm>

#include "keygen/key_spec.h"
#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/pending.h"
#include "pkcs11-module/edge/repeatable.h"

namespace signet::edge {

namespace {

CkResult<void> require_user_read_write(const token::Session& session) {
  if (!session.read_write())
    return ck_error(CKR_SESSION_READ_ONLY, "open the session with CKF_RW_SESSION");
  if (session.token().role() != token::Role::user) {
    return ck_error(CKR_USER_NOT_LOGGED_IN, "log in to the token first");
  }
  return success();
}

std::vector<keygen::TemplateEntry> entries_of(const object::AttributeSet& attributes) {
  std::vector<keygen::TemplateEntry> entries;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const object::Attribute attribute = attributes.at(i);
    entries.push_back({attribute.type, attribute.value});
  }
  return entries;
}

token::CallTask outcome_of_storing(Task<CkResult<CK_OBJECT_HANDLE>> task) {
  auto stored = co_await std::move(task);
  BOOST_OUTCOME_CO_TRY(const CK_OBJECT_HANDLE handle, std::move(stored));
  co_return token::CallOutcome{.object = handle};
}

}  // namespace

CkResult<void> Calls::CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes,
                                   CK_ULONG count, CK_OBJECT_HANDLE_PTR object) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(required(object, "phObject"));
  BOOST_OUTCOME_TRY(const auto wanted, object::read_template(attributes, count));
  token::Token& token = found->token();
  if (wanted.flag(CKA_TOKEN)) {
    BOOST_OUTCOME_TRY(auto certificate, object::new_certificate(token.crypto_context(), wanted));
    BOOST_OUTCOME_TRY(require_user_read_write(*found));
    if (found->asynchronous()) {
      return start_pending(
          library_, *found,
          {.function = "C_CreateObject", .kind = token::CallKind::create, .has_output = true},
          {.task = outcome_of_storing(token.start_store_certificate(std::move(certificate)))});
    }
    BOOST_OUTCOME_TRY(*object, token.store_certificate(std::move(certificate)));
    return success();
  }
  BOOST_OUTCOME_TRY(auto made, object::session_object(token.crypto_context(), wanted));
  BOOST_OUTCOME_TRY(*object, library_.add_session_object(session, *found, std::move(made)));
  return success();
}

CkResult<void> Calls::CopyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                 CK_ATTRIBUTE_PTR attributes, CK_ULONG count,
                                 CK_OBJECT_HANDLE_PTR new_object) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(required(new_object, "phNewObject"));
  BOOST_OUTCOME_TRY(const auto original, library_.find_object(*found, object));
  BOOST_OUTCOME_TRY(const auto changes, object::read_template(attributes, count));
  BOOST_OUTCOME_TRY(auto copy, object::session_copy_of(*original, changes));
  BOOST_OUTCOME_TRY(*new_object, library_.add_session_object(session, *found, std::move(copy)));
  return success();
}

CkResult<void> Calls::DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  if (found->token().take_orphaned_public_key(object)) return success();
  BOOST_OUTCOME_TRY(const auto doomed, library_.find_object(*found, object));
  // Of the appliance's objects the token itself has the last word.
  if (!doomed->flag(CKA_DESTROYABLE) && doomed->origin == object::Origin::none) {
    return ck_error(CKR_ACTION_PROHIBITED,
                    "the object cannot be destroyed: CKA_DESTROYABLE is false");
  }
  if (library_.session_objects().remove(found->slot(), object)) return success();
  BOOST_OUTCOME_TRY(require_user_read_write(*found));
  auto task = found->token().start_destroy(doomed);
  if (!found->asynchronous()) return library_.driver().finish(std::move(task));
  return start_pending(
      library_, *found,
      {.function = "C_DestroyObject", .kind = token::CallKind::destroy, .has_output = false},
      {.task = outcome_of(std::move(task))});
}

CkResult<void> Calls::GetObjectSize(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                    CK_ULONG_PTR size) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(required(size, "pulSize"));
  BOOST_OUTCOME_TRY(const auto measured, library_.find_object(*found, object));
  *size = object::size_of(*measured);
  return success();
}

CkResult<void> Calls::GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                        CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  if (count != 0) {
    BOOST_OUTCOME_TRY(required(attributes, "pTemplate"));
  }
  BOOST_OUTCOME_TRY(const auto read, library_.find_object(*found, object));
  return object::read_attributes(*read, attributes, count);
}

CkResult<void> Calls::SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                        CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto wanted, object::read_template(attributes, count));
  BOOST_OUTCOME_TRY(const auto changed, library_.find_object(*found, object));
  if (changed->is_token_object()) {
    BOOST_OUTCOME_TRY(require_user_read_write(*found));
  }
  BOOST_OUTCOME_TRY(auto change, object::change_of(*changed, wanted));
  if (changed->is_token_object()) {
    auto task = found->token().start_change(changed, std::move(change));
    if (!found->asynchronous()) return library_.driver().finish(std::move(task));
    return start_pending(
        library_, *found,
        {.function = "C_SetAttributeValue", .kind = token::CallKind::change, .has_output = false},
        {.task = outcome_of(std::move(task))});
  }
  library_.session_objects().replace(found->slot(), object, object::with_change(*changed, change));
  return success();
}

CkResult<void> Calls::FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes,
                                      CK_ULONG count) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto search, object::read_search_template(attributes, count));
  {
    const MutexLock lock(found->mutex());
    if (found->operations().find)
      return ck_error(CKR_OPERATION_ACTIVE, "a search is active: end it first");
  }
  token::Token& token = found->token();
  const bool with_private = token.shows_private();
  token::FindOperation find;
  find.found = token.objects()->find(search, with_private);
  const auto own = library_.session_objects().find(found->slot(), search, with_private);
  find.found.insert(find.found.end(), own.begin(), own.end());
  const MutexLock lock(found->mutex());
  found->operations().find = std::move(find);
  return success();
}

CkResult<void> Calls::FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR object,
                                  CK_ULONG max_object_count, CK_ULONG_PTR object_count) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(required(object_count, "pulObjectCount"));
  if (max_object_count != 0) {
    BOOST_OUTCOME_TRY(required(object, "phObject"));
  }
  const MutexLock lock(found->mutex());
  auto& find = found->operations().find;
  if (!find) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_FindObjectsInit first");
  const std::size_t left = find->found.size() - find->next;
  const std::size_t given = std::min<std::size_t>(left, max_object_count);
  std::copy_n(find->found.begin() + static_cast<std::ptrdiff_t>(find->next), given, object);
  find->next += given;
  *object_count = given;
  return success();
}

CkResult<void> Calls::FindObjectsFinal(CK_SESSION_HANDLE session) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  const MutexLock lock(found->mutex());
  auto& find = found->operations().find;
  if (!find) return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_FindObjectsInit first");
  find.reset();
  return success();
}

CkResult<void> Calls::GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
                                      CK_ATTRIBUTE_PTR public_attributes, CK_ULONG public_count,
                                      CK_ATTRIBUTE_PTR private_attributes, CK_ULONG private_count,
                                      CK_OBJECT_HANDLE_PTR public_key,
                                      CK_OBJECT_HANDLE_PTR private_key) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(required(mechanism, "pMechanism"));
  BOOST_OUTCOME_TRY(required(public_key, "phPublicKey"));
  BOOST_OUTCOME_TRY(required(private_key, "phPrivateKey"));
  BOOST_OUTCOME_TRY(const auto public_wanted,
                    object::read_template(public_attributes, public_count));
  BOOST_OUTCOME_TRY(const auto private_wanted,
                    object::read_template(private_attributes, private_count));
  token::Token& token = found->token();
  BOOST_OUTCOME_TRY(token.judge([&](const mechanism::Offer& offer) {
    return offer.for_use(mechanism->mechanism, CKF_GENERATE_KEY_PAIR);
  }));
  BOOST_OUTCOME_TRY(
      auto spec,
      keygen::key_spec(mechanism->mechanism, entries_of(public_wanted), entries_of(private_wanted),
                       {.second_credential = token.always_authenticate()}));
  BOOST_OUTCOME_TRY(require_user_read_write(*found));
  if (found->asynchronous()) {
    BOOST_OUTCOME_TRY(auto work, work_of_generating(token, std::move(spec)));
    return start_pending(
        library_, *found,
        {.function = "C_GenerateKeyPair", .kind = token::CallKind::generate, .has_output = true},
        std::move(work));
  }
  BOOST_OUTCOME_TRY(const auto pair, token.generate(std::move(spec)));
  *public_key = pair.public_key;
  *private_key = pair.private_key;
  return success();
}

}  // namespace signet::edge
