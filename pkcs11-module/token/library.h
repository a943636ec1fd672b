// One run of the library, from C_Initialize to C_Finalize: its tokens (one slot each, always present) and its
// sessions.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_LIBRARY_H_
#define SIGNET_PKCS11_MODULE_TOKEN_LIBRARY_H_

#include <atomic>
#include <memory>
#include <unordered_map>
#include <vector>

#include "common/log.h"
#include "common/mutex.h"
#include "config/config.h"
#include "config/config_watch.h"
#include "crypto/ck_result.h"
#include "pkcs11-module/token/call_driver.h"
#include "pkcs11-module/token/metrics_writer.h"
#include "pkcs11-module/token/saved_calls.h"
#include "pkcs11-module/token/session.h"
#include "pkcs11-module/token/session_objects.h"
#include "pkcs11-module/token/token.h"

namespace signet::token {

class Library {
 public:
  // Makes the appliance of a token; tests give their own.
  using ApplianceFactory =
      std::function<std::unique_ptr<transport::Appliance>(const config::TokenConfig&)>;

  // Looks at the code and constants that this runs with; an error where they are not as they were built.
  using SelfCheck = std::function<CkResult<void>(const std::shared_ptr<crypto::Context>&)>;

  // Never touches the network.
  static CkResult<std::unique_ptr<Library>> open(const config::Config& config,
                                                 const ApplianceFactory& make_appliance,
                                                 SelfCheck check_self);

  // Slot ids are the places in the configuration, from 0.
  std::size_t slot_count() const { return tokens_.size(); }
  CkResult<std::shared_ptr<Token>> token(CK_SLOT_ID slot) const;  // CKR_SLOT_ID_INVALID

  CkResult<CK_SESSION_HANDLE> open_session(CK_SLOT_ID slot, CK_FLAGS flags);
  CkResult<void> close_session(CK_SESSION_HANDLE handle);
  CkResult<void> close_all_sessions(CK_SLOT_ID slot);
  CkResult<std::shared_ptr<Session>> session(
      CK_SESSION_HANDLE handle) const;  // CKR_SESSION_HANDLE_INVALID

  // The pending calls of asynchronous sessions.
  CallDriver& driver() { return driver_; }

  // Ends a session's pending call of that kind. False: there was none.
  bool cancel_pending(Session& session, CallKind kind);

  // Those that have ids.
  SavedCalls& saved_calls() { return saved_calls_; }
  // Ends a session's of that kind, whose ids are no good any more.
  void cancel_saved(Session& session, CallKind kind);

  struct SessionCount {
    CK_ULONG all = 0;
    CK_ULONG read_write = 0;
  };
  SessionCount count_sessions(CK_SLOT_ID slot) const;  // of a slot that there is

  // The last step of a login in that session, while none is opened or closed. CKR_SESSION_CLOSED: it is not there any more;
  // CKR_SESSION_READ_ONLY_EXISTS for the security officer.
  CkResult<void> enter(CK_SESSION_HANDLE session, Role role, const Token::LastStep& begin);

  // After a logout (5.6.9): private session objects go; searches may hold private handles, and signatures need their
  // user.
  void end_private_use(CK_SLOT_ID slot);

  // A session object or a token object that the session may see. `missing`: CKR_OBJECT_HANDLE_INVALID or
  // CKR_KEY_HANDLE_INVALID; also for a private object while nobody is logged in.
  CkResult<object::ObjectPtr> find_object(const Session& session, CK_OBJECT_HANDLE handle,
                                          CK_RV missing = CKR_OBJECT_HANDLE_INVALID) const;

  SessionObjects& session_objects() { return session_objects_; }
  // Adds an object to those of a session that the caller has looked up; its handle. CKR_USER_NOT_LOGGED_IN for a
  // private object where no user is logged in (5.7.1). CKR_SESSION_CLOSED where another thread has closed the session
  // since: nothing would ever remove the object.
  CkResult<CK_OBJECT_HANDLE> add_session_object(CK_SESSION_HANDLE session, const Session& found,
                                                object::ObjectPtr object);

  // C_WaitForSlotEvent without CKF_DONT_BLOCK: there are no events, so it returns when the run ends.
  void wait_for_end();
  void release_waiters();

  // Beside the calls of a host, for no thread of ours does it: every few seconds looks whether the
  // configuration has changed, and takes over what can be taken over while sessions are open. A refused one is
  // logged and changes nothing. Less often the module's own code is checked; the error where it has changed, now
  // or earlier. At other times it costs a look at the clock.
  CkResult<void> look_after();
  // The figures of this run, where the configuration names a folder for them: at the end of a call;
  // and at the end of the run or of the process.
  void write_metrics_if_due() noexcept;
  void write_last_metrics(bool active) noexcept;

  ~Library() { driver_.clear(); }

  // In a child after fork(), where this run belongs to the parent: lets go of the parent's connections. Takes
  // no lock (a thread that does not exist here may hold it); nothing else may be called afterwards.
  void abandon() noexcept;

 private:
  std::vector<transport::TokenFigures> figures() const;
  void cancel_all_pending(Session& session);
  Library(const config::Config& config, SelfCheck check_self)
      : metrics_(config.metrics),
        saved_calls_(config.cache_dir / "pending"),
        counts_(config.tokens.size()),
        check_self_(std::move(check_self)),
        watch_(config),
        log_(config.log),
        self_check_(config.self_check) {}

  void follow_configuration() SIGNET_REQUIRES(look_mutex_);
  CkResult<void> check_self(SteadyTime now) SIGNET_REQUIRES(look_mutex_);
  void take_over(const config::Config& config) SIGNET_REQUIRES(look_mutex_);
  void take_over_log(const log::Options& options) SIGNET_REQUIRES(look_mutex_);
  bool take_over_token(Token& token, const config::Config& config);

  MetricsWriter metrics_;
  SavedCalls saved_calls_;
  std::shared_ptr<crypto::Context> context_;
  CallDriver driver_;  // its tasks end before the tokens
  std::vector<std::shared_ptr<Token>> tokens_;
  SessionObjects session_objects_;

  // After the driver's locks and before the lock of a token's login; no other is taken with it.
  mutable SharedMutex sessions_mutex_;
  std::unordered_map<CK_SESSION_HANDLE, std::shared_ptr<Session>> sessions_
      SIGNET_GUARDED_BY(sessions_mutex_);
  std::vector<SessionCount> counts_ SIGNET_GUARDED_BY(sessions_mutex_);  // by slot
  object::HandleSource session_handles_;

  std::atomic<SteadyTime::rep> next_look_{0};
  std::atomic<bool> damaged_{false};  // the module's code has changed
  const SelfCheck check_self_;
  Mutex look_mutex_;  // one thread looks at a time
  SteadyTime next_self_check_ SIGNET_GUARDED_BY(look_mutex_){};
  config::ConfigWatch watch_ SIGNET_GUARDED_BY(look_mutex_);
  log::Options log_ SIGNET_GUARDED_BY(look_mutex_);  // in force, and so is the next
  config::SelfCheck self_check_ SIGNET_GUARDED_BY(look_mutex_);

  Mutex end_mutex_;
  Condition ending_;
  bool ended_ SIGNET_GUARDED_BY(end_mutex_) = false;
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_LIBRARY_H_
