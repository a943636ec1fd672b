// One token: an account at an appliance. It joins who is logged in, what the appliance offers and which objects there
// are, and does the work at the appliance with them.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_TOKEN_H_
#define SIGNET_PKCS11_MODULE_TOKEN_TOKEN_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/clock.h"
#include "common/mutex.h"
#include "config/config.h"
#include "crypto/ck_result.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/object/object.h"
#include "pkcs11-module/token/call_driver.h"
#include "pkcs11-module/token/capabilities.h"
#include "pkcs11-module/token/failures.h"
#include "pkcs11-module/token/login.h"
#include "pkcs11-module/token/object_store.h"

namespace signet::token {

// Thread-safe; no lock is held while a request is on its way. What asks the appliance is a task, start_X(), which must end before
// the token; X(), where there is one, is the same, waited for.
class Token {
 public:
  // The driver outlives the token.
  Token(config::TokenConfig config, const std::filesystem::path& cache_dir,
        std::unique_ptr<transport::Appliance> appliance, std::shared_ptr<crypto::Context> context,
        CallDriver& driver);

  // As it is now; reconfigure() puts another in its place.
  using ConfigPtr = std::shared_ptr<const config::TokenConfig>;
  ConfigPtr config() const;

  // Members, pins, limits, client certificate, credential and administrator from now on; label, user and
  // mechanisms stay what they were. Calls under way end as they began. False where the configuration is the same; files
  // that it names (client certificates) may still have been renewed, and are looked at.
  bool reconfigure(config::TokenConfig config);

  const std::shared_ptr<crypto::Context>& crypto_context() const { return context_; }

  // --- What is known; never a request ------------------------------------------------------------
  std::optional<transport::ApplianceInfo> known_info();
  OfferPtr known_offer();                   // the dialect's minimum where nothing is known
  transport::ApplianceInfo assumed_info();  // likewise
  bool always_authenticate() const { return store_.always_authenticate(); }
  CK_FLAGS pin_flags() const { return login_.pin_flags(); }
  Role role() const { return login_.role(); }
  bool shows_private() const { return role() == Role::user; }

  // --- What the appliance is and can do ------------------------------------------------------------
  // Asks where nothing is known; not longer than one attempt to connect, and not again for a while after a failure.
  OfferPtr offer();

  // What `check` makes of what is known; where that refuses, of what the appliance says now, unless it said so within
  // the hour. So the usual mechanisms cost no request, and none is refused by an outdated or missing answer.
  template <typename Check>
  auto judge(const Check& check) {
    auto outcome = check(*known_offer());
    return outcome ? outcome : check(*fresh_offer());
  }

  // --- Login (PKCS#11 3.0, 5.6.8) --------------------------------------------------------------------
  // No PIN: the configured credential source. `user_name` empty: the configured account, for the
  // security officer the configured administrator's.
  // CKR_USER_ALREADY_LOGGED_IN, CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_PIN_INCORRECT and its kin. `enter` makes the last step,
  // which it is given, or refuses it: sessions may have come and gone while the appliance was asked.
  using LastStep = std::function<CkResult<void>()>;
  using Enter = std::function<CkResult<void>(Role, const LastStep&)>;
  Task<CkResult<void>> start_login(Role role, std::string user_name, std::optional<Secret> pin,
                                   Enter enter);
  CkResult<void> logout() { return login_.end(); }  // CKR_USER_NOT_LOGGED_IN
  void forget_login() { login_.forget(); }          // the last session closed

  // The PIN of whoever is logged in; with nobody logged in, the configured account's.
  Task<CkResult<void>> start_change_pin(Secret old_pin, Secret new_pin);
  // The user's PIN, by the security officer.
  CkResult<void> init_pin(const Secret& new_pin);

  // The configured source of the password; nothing where there is none, or none for this process.
  std::optional<config::CredentialSource> credential() const;

  // A caller's PIN, else the configured source's. Neither: CKR_ARGUMENTS_BAD.
  CkResult<Secret> secret_or_configured(std::optional<Secret> pin) const;

  // --- Objects ---------------------------------------------------------------------------------------
  // The token objects. Where none were read yet: read with the configured credential, else the last
  // known public ones from disk.
  object::SnapshotPtr objects();

  // --- Work at the appliance; the user must be logged in (CKR_USER_NOT_LOGGED_IN) --------------------
  // As the appliance gave them: not verified yet. `make` finds the words that suit an offer. One request; a second,
  // in other words, where the appliance refused the first for its form and turns out to offer something else than was
  // known.
  using MakeRequest = std::function<CkResult<transport::SignRequest>(const mechanism::Offer&)>;
  Task<CkResult<transport::Signatures>> start_sign(MakeRequest make);
  CkResult<transport::Signatures> sign(MakeRequest make) {
    return driver_.finish(start_sign(std::move(make)));
  }
  // One that was asked for before, under the same idempotency key: the signature of the digest at `position`. Where it was
  // refused together with others it went alone, and is asked for so. Not after `end`.
  Task<CkResult<transport::Signatures>> start_sign_again(transport::SignRequest request,
                                                         std::size_t position, Deadline end);
  struct KeyPair {
    CK_OBJECT_HANDLE public_key;
    CK_OBJECT_HANDLE private_key;
  };
  // Not after `end`, where there is one.
  Task<CkResult<KeyPair>> start_generate(transport::KeySpec spec,
                                         std::optional<Deadline> end = std::nullopt);
  // Gives the key an id where it has none.
  static CkResult<void> complete(transport::KeySpec& spec);
  CkResult<KeyPair> generate(transport::KeySpec spec) {
    return driver_.finish(start_generate(std::move(spec)));
  }
  // Without an id, id and label are those of the key with the same public key.
  Task<CkResult<CK_OBJECT_HANDLE>> start_store_certificate(object::NewCertificate certificate);
  CkResult<CK_OBJECT_HANDLE> store_certificate(object::NewCertificate certificate) {
    return driver_.finish(start_store_certificate(std::move(certificate)));
  }
  // Destroying a private key takes its public half along; a public half alone is gone for this process only. The object's
  // CKA_DESTROYABLE is true.
  Task<CkResult<void>> start_destroy(object::ObjectPtr object);
  // True once for the public half of a key that this process destroyed: callers destroy both handles.
  bool take_orphaned_public_key(CK_OBJECT_HANDLE handle) {
    return store_.take_orphaned_public_key(handle);
  }
  Task<CkResult<void>> start_change(object::ObjectPtr object, object::Change change);
  // A task of these that may have changed something was destroyed before its end.
  void note_unknown_change() { store_.note_unknown_change(); }

  // A time-stamp of the service's, without a login; nothing of it is checked. Within so many milliseconds; 0: within the
  // limit of a call.
  CkResult<transport::TimeStamp> time_stamp(transport::TimeStampRequest request,
                                            std::uint64_t milliseconds);

  // One line at level info for what was done at the appliance, by which its journal can be searched. Never fails.
  void log_done(std::string_view what, ByteView label, const transport::Trace& trace,
                SteadyTime began) const noexcept;

  object::HandleSource& handles() { return store_.handles(); }

  // What was done at the appliance so far; never a request.
  transport::ApplianceFigures figures() const { return appliance_->figures(); }

  bool carries_reference() const { return appliance_->carries_reference(); }

  // See Appliance::repeatable_for().
  Milliseconds repeatable_for() const { return appliance_->repeatable_for(); }

  // The account of the user's login; empty: nobody is logged in.
  std::string user_name() const;

  // In a child after fork(): see Appliance::abandon().
  void abandon() noexcept { appliance_->abandon(); }

 private:
  Deadline call_deadline() const { return Deadline::after(config()->limits.call); }
  Deadline question_deadline() const;    // one attempt to connect
  std::string user_of(Role role) const;  // the configured account

  // An answer as a result, with what a failure tells about login and objects taken to heart.
  template <typename T>
  Task<CkResult<T>> settle(LoginPtr login, Deadline deadline, transport::Answer<T> answer,
                           Purpose purpose);

  // Beside a call that made a request anyway: the objects once more, where the list is older than configured.
  Task<bool> refresh_if_old(LoginPtr login, Deadline deadline);
  void read_with_configured_credential();

  // By the deadline, which has to leave the caller the time it needs.
  void learn(Capabilities::Wanted wanted, Deadline deadline);
  Task<bool> start_learn(Capabilities::Wanted wanted, Deadline deadline);
  OfferPtr fresh_offer();

  CallDriver& driver_;
  const std::unique_ptr<transport::Appliance> appliance_;
  const std::shared_ptr<crypto::Context> context_;
  mutable Mutex config_mutex_;  // held for moments and with no other
  ConfigPtr config_ SIGNET_GUARDED_BY(config_mutex_);
  mutable std::atomic<bool> told_of_credential_{false};  // once is enough
  LoginState login_;
  Capabilities capabilities_;
  ObjectStore store_;
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_TOKEN_H_
