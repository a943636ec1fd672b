#include "pkcs11-module/token/library.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace signet::token {

CkResult<std::unique_ptr<Library>> Library::open(const config::Config& config,
                                                 const ApplianceFactory& make_appliance,
                                                 SelfCheck check_self) {
  std::unique_ptr<Library> library(new Library(config, std::move(check_self)));
  BOOST_OUTCOME_TRY(library->context_, crypto::Context::create());
  {
    const MutexLock lock(library->look_mutex_);
    BOOST_OUTCOME_TRY(library->check_self(std::chrono::steady_clock::now()));
  }
  for (const config::TokenConfig& token : config.tokens) {
    library->tokens_.push_back(std::make_shared<Token>(
        token, config.cache_dir, make_appliance(token), library->context_, library->driver_));
  }
  return library;
}

CkResult<std::shared_ptr<Token>> Library::token(CK_SLOT_ID slot) const {
  if (slot >= tokens_.size()) return ck_error(CKR_SLOT_ID_INVALID, "there is no such slot");
  return tokens_[slot];
}

CkResult<CK_SESSION_HANDLE> Library::open_session(CK_SLOT_ID slot, CK_FLAGS flags) {
  BOOST_OUTCOME_TRY(auto owner, token(slot));
  // Under the lock, so that no security officer logs in between the check and the opening.
  const MutexLock lock(sessions_mutex_);
  const bool read_write = (flags & CKF_RW_SESSION) != 0;
  if (!read_write && owner->role() == Role::security_officer) {
    return ck_error(CKR_SESSION_READ_WRITE_SO_EXISTS,
                    "the security officer is logged in: only read-write sessions can be opened");
  }
  const CK_SESSION_HANDLE handle = session_handles_.fresh();
  sessions_.emplace(handle, std::make_shared<Session>(std::move(owner), slot, flags));
  ++counts_[slot].all;
  if (read_write) ++counts_[slot].read_write;
  return handle;
}

CkResult<std::shared_ptr<Session>> Library::session(CK_SESSION_HANDLE handle) const {
  const ReaderLock lock(sessions_mutex_);
  const auto found = sessions_.find(handle);
  if (found == sessions_.end())
    return ck_error(CKR_SESSION_HANDLE_INVALID, "there is no such session");
  return found->second;
}

CkResult<void> Library::close_session(CK_SESSION_HANDLE handle) {
  std::shared_ptr<Session> closed;
  {
    const MutexLock lock(sessions_mutex_);
    const auto found = sessions_.find(handle);
    if (found == sessions_.end()) {
      return ck_error(CKR_SESSION_HANDLE_INVALID, "there is no such session");
    }
    closed = std::move(found->second);
    sessions_.erase(found);
    SessionCount& count = counts_[closed->slot()];
    --count.all;
    if (closed->read_write()) --count.read_write;
    // Closing a token's last session logs out (5.6.3). Under the lock, so that no login ends in between.
    if (count.all == 0) closed->token().forget_login();
  }
  cancel_all_pending(*closed);
  session_objects_.remove_of_session(handle);
  return success();
}

namespace {

bool changes_objects(CallKind kind) {
  return kind != CallKind::sign && kind != CallKind::message_sign;
}

}  // namespace

bool Library::cancel_pending(Session& session, CallKind kind) {
  std::shared_ptr<PendingCall> call;
  {
    const MutexLock lock(session.mutex());
    call = std::exchange(session.pending(kind), nullptr);
  }
  if (!call) return false;
  if (driver_.cancel(*call) && changes_objects(kind)) session.token().note_unknown_change();
  return true;
}

void Library::cancel_saved(Session& session, CallKind kind) {
  std::vector<Session::SavedId> ended;
  {
    const MutexLock lock(session.mutex());
    auto& saved = session.saved();
    const auto of_kind =
        std::ranges::partition(saved, [&](const auto& each) { return each.kind != kind; });
    ended.assign(std::make_move_iterator(of_kind.begin()), std::make_move_iterator(of_kind.end()));
    saved.erase(of_kind.begin(), of_kind.end());
  }
  for (const Session::SavedId& each : ended) {
    (void)saved_calls_.take(each.id);
    const auto call = each.call.lock();
    if (call) (void)driver_.cancel(*call);
    if (changes_objects(kind)) session.token().note_unknown_change();
  }
}

void Library::cancel_all_pending(Session& session) {
  for (std::size_t kind = 0; kind < kCallKinds; ++kind) {
    cancel_pending(session, static_cast<CallKind>(kind));
  }
}

CkResult<object::ObjectPtr> Library::find_object(const Session& session, CK_OBJECT_HANDLE handle,
                                                 CK_RV missing) const {
  auto object = session_objects_.get(session.slot(), handle);
  if (!object) object = session.token().objects()->get(handle);
  if (!object) return ck_error(missing, "there is no such object");
  if (object->is_private() && !session.token().shows_private()) {
    return ck_error(missing, "the object is private: log in first");
  }
  return object;
}

CkResult<CK_OBJECT_HANDLE> Library::add_session_object(CK_SESSION_HANDLE session,
                                                       const Session& found,
                                                       object::ObjectPtr object) {
  const CK_OBJECT_HANDLE handle = found.token().handles().fresh();
  const bool is_private = object->is_private();
  session_objects_.add(found.slot(), session, handle, std::move(object));
  // Looked at after the addition, while a logout and close_session() make the change before they remove objects: one
  // of the two sees the other.
  if (is_private && !found.token().shows_private()) {
    session_objects_.remove(found.slot(), handle);
    return ck_error(CKR_USER_NOT_LOGGED_IN, "log in before you make a private object");
  }
  if (!this->session(session)) {
    session_objects_.remove(found.slot(), handle);
    return ck_error(CKR_SESSION_CLOSED, "another thread has closed the session meanwhile");
  }
  return handle;
}

CkResult<void> Library::close_all_sessions(CK_SLOT_ID slot) {
  BOOST_OUTCOME_TRY(auto owner, token(slot));
  std::vector<std::pair<CK_SESSION_HANDLE, std::shared_ptr<Session>>> closed;
  {
    const MutexLock lock(sessions_mutex_);
    for (const auto& entry : sessions_) {
      if (entry.second->slot() == slot) closed.emplace_back(entry);
    }
    for (const auto& [handle, session] : closed) sessions_.erase(handle);
    counts_[slot] = {};
    owner->forget_login();
  }
  for (const auto& [handle, session] : closed) {
    cancel_all_pending(*session);
    session_objects_.remove_of_session(handle);
  }
  return success();
}

Library::SessionCount Library::count_sessions(CK_SLOT_ID slot) const {
  const ReaderLock lock(sessions_mutex_);
  return counts_[slot];
}

CkResult<void> Library::enter(CK_SESSION_HANDLE session, Role role, const Token::LastStep& begin) {
  const ReaderLock lock(sessions_mutex_);
  const auto found = sessions_.find(session);
  if (found == sessions_.end())
    return ck_error(CKR_SESSION_CLOSED, "another thread has closed the session meanwhile");
  const SessionCount& count = counts_[found->second->slot()];
  if (role == Role::security_officer && count.all != count.read_write) {
    return ck_error(CKR_SESSION_READ_ONLY_EXISTS,
                    "close the read-only sessions before the security officer logs in");
  }
  return begin();
}

void Library::end_private_use(CK_SLOT_ID slot) {
  session_objects_.remove_private(slot);
  std::vector<std::shared_ptr<Session>> concerned;
  {
    const ReaderLock lock(sessions_mutex_);
    for (const auto& [handle, session] : sessions_) {
      if (session->slot() == slot) concerned.push_back(session);
    }
  }
  for (const auto& session : concerned) {
    const MutexLock lock(session->mutex());
    session->operations().find.reset();
    session->operations().sign.reset();
    session->operations().message_sign.reset();
  }
}

void Library::wait_for_end() {
  const MutexLock lock(end_mutex_);
  while (!ended_) ending_.wait(end_mutex_);
}

void Library::release_waiters() {
  {
    const MutexLock lock(end_mutex_);
    ended_ = true;
  }
  ending_.notify_all();
}

std::vector<transport::TokenFigures> Library::figures() const {
  std::vector<transport::TokenFigures> figures;
  for (const auto& token : tokens_) figures.push_back({token->config()->label, token->figures()});
  return figures;
}

void Library::write_metrics_if_due() noexcept {
  metrics_.write_if_due([this] { return figures(); });
}

void Library::write_last_metrics(bool active) noexcept {
  metrics_.write_last([this] { return figures(); }, active);
}

void Library::abandon() noexcept {
  for (const auto& token : tokens_) token->abandon();
}

}  // namespace signet::token
