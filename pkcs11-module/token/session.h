// A session: its kind, its active operations (one of each kind, side by side) and nothing of the login, which
// is the token's.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_SESSION_H_
#define SIGNET_PKCS11_MODULE_TOKEN_SESSION_H_

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/mutex.h"
#include "crypto/digest.h"
#include "pkcs11-module/mechanism/offer.h"
#include "pkcs11-module/operation/signing.h"
#include "pkcs11-module/token/pending_call.h"
#include "pkcs11-module/token/token.h"

namespace signet::token {

struct FindOperation {
  std::vector<CK_OBJECT_HANDLE> found;
  std::size_t next = 0;
};

struct DigestOperation {
  crypto::Digest digest;
  bool in_parts = false;
};

// A signature or a verification; also what C_MessageSignInit and C_MessageVerifyInit prepare for many messages.
struct KeyedOperation {
  mechanism::Chosen chosen;
  std::shared_ptr<const crypto::PublicKey> key;
  object::ObjectPtr object;  // that the key is of
  std::optional<Secret> sign_password;
  operation::Message message;  // gathered so far; spent until restart()
  bool in_parts = false;       // an Update (or MessageBegin) has been called

  // Begins (again) with an empty message.
  CkResult<void> restart(const std::shared_ptr<crypto::Context>& context);
};

// The operations of a session. One mutex guards them; a call holds it while it looks and hashes, never while
// a request is on its way: a signature takes its operation out first.
struct Operations {
  std::optional<FindOperation> find;
  std::optional<DigestOperation> digest;
  std::optional<KeyedOperation> sign;
  std::optional<KeyedOperation> verify;
  std::optional<KeyedOperation> verify_signature;
  Bytes given_signature;  // of verify_signature
  std::optional<KeyedOperation> message_sign;
  std::optional<KeyedOperation> message_verify;
};

// What the vendor interface sets and tells of a session's signatures.
struct JournalNotes {
  std::string reference;        // of the next ones; UTF-8
  std::string last_request_id;  // of the last one; empty: none, or the service gives none
};

class Session {
 public:
  // `flags`: of C_OpenSession.
  Session(std::shared_ptr<Token> token, CK_SLOT_ID slot, CK_FLAGS flags)
      : token_(std::move(token)), slot_(slot), flags_(flags) {}

  Token& token() const { return *token_; }
  CK_SLOT_ID slot() const { return slot_; }
  bool read_write() const { return (flags_ & CKF_RW_SESSION) != 0; }
  bool asynchronous() const { return (flags_ & CKF_ASYNC_SESSION) != 0; }
  CK_STATE state() const;  // CKS_RO_PUBLIC_SESSION and the like

  Mutex& mutex() SIGNET_RETURN_CAPABILITY(mutex_) { return mutex_; }
  Operations& operations() SIGNET_REQUIRES(mutex_) { return operations_; }
  JournalNotes& notes() SIGNET_REQUIRES(mutex_) { return notes_; }

  // Those that have an id and go on without the session; C_SessionCancel ends them.
  struct SavedId {
    CallKind kind;
    CK_ULONG id;
    std::weak_ptr<PendingCall> call;
    SteadyTime until;  // then nobody can ask for it
  };
  std::vector<SavedId>& saved() SIGNET_REQUIRES(mutex_) { return saved_; }

  // Those of an asynchronous session; null: none of that kind.
  std::shared_ptr<PendingCall>& pending(CallKind kind) SIGNET_REQUIRES(mutex_) {
    return pending_.at(static_cast<std::size_t>(kind));
  }

 private:
  const std::shared_ptr<Token> token_;
  const CK_SLOT_ID slot_;
  const CK_FLAGS flags_;
  Mutex mutex_;
  Operations operations_ SIGNET_GUARDED_BY(mutex_);
  JournalNotes notes_ SIGNET_GUARDED_BY(mutex_);
  std::array<std::shared_ptr<PendingCall>, kCallKinds> pending_ SIGNET_GUARDED_BY(mutex_);
  std::vector<SavedId> saved_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_SESSION_H_
