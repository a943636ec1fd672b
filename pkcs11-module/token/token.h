// One token: an account at an appliance. Owns the login state (which PKCS#11 gives to the token, not to a
// session) and the object snapshot. Thread-safe; no lock is held while a request is on its way.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_TOKEN_H_
#define SIGNET_PKCS11_MODULE_TOKEN_TOKEN_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/clock.h"
#include "config/config.h"
#include "crypto/ck_result.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/mechanism/offer.h"
#include "pkcs11-module/object/public_cache.h"
#include "pkcs11-module/object/snapshot.h"
#include "pkcs11-module/token/failures.h"

namespace signet::token {

enum class Role { nobody, user, security_officer };

class Token {
 public:
  Token(config::TokenConfig config, const std::filesystem::path& cache_dir,
        std::unique_ptr<transport::Appliance> appliance, std::shared_ptr<crypto::Context> context);

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
  std::shared_ptr<const mechanism::Offer>
  known_offer();                     // the contract's minimum where nothing is known
  bool always_authenticate() const;  // the account wants a second credential for each signature
  CK_FLAGS pin_flags() const;        // CKF_USER_PIN_LOCKED and the like, as last seen
  Role role() const;
  bool shows_private() const { return role() == Role::user; }

  // --- What the appliance is and can do ------------------------------------------------------------
  // Ask where nothing is known; not longer than one attempt to connect, and not again for a while after a failure.
  std::optional<transport::ApplianceInfo> info();
  std::shared_ptr<const mechanism::Offer> offer();

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
  // CKR_USER_ALREADY_LOGGED_IN, CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_PIN_INCORRECT and its kin.
  CkResult<void> login(Role role, const std::string& user_name, std::optional<Secret> pin);
  CkResult<void> logout();  // CKR_USER_NOT_LOGGED_IN
  void forget_login();      // the last session closed

  // The PIN of whoever is logged in; with nobody logged in, the configured account's.
  CkResult<void> change_pin(const Secret& old_pin, const Secret& new_pin);
  // The user's PIN, by the security officer.
  CkResult<void> init_pin(const Secret& new_pin);

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
  CkResult<transport::Signatures> sign(const MakeRequest& make);
  struct KeyPair {
    CK_OBJECT_HANDLE public_key;
    CK_OBJECT_HANDLE private_key;
  };
  CkResult<KeyPair> generate(transport::KeySpec spec);
  // Without an id, id and label are those of the key with the same public key.
  CkResult<CK_OBJECT_HANDLE> store_certificate(object::NewCertificate certificate);
  // Destroying a private key takes its public half along; that one alone cannot be destroyed.
  CkResult<void> destroy(CK_OBJECT_HANDLE handle, const object::Object& object);
  // True once for the public half of a key that this process destroyed: callers destroy both handles.
  bool take_orphaned_public_key(CK_OBJECT_HANDLE handle);
  CkResult<void> change(const object::Object& object, const object::Change& change);

  object::HandleSource& handles() { return handles_; }

  // What was done at the appliance so far; never a request.
  transport::ApplianceFigures figures() const { return appliance_->figures(); }

  // In a child after fork(): see Appliance::abandon().
  void abandon() noexcept { appliance_->abandon(); }

 private:
  struct Login {
    Role role = Role::user;
    transport::Credential credential;
    transport::AccountInfo account;
  };
  using LoginPtr = std::shared_ptr<const Login>;

  Deadline call_deadline() const { return Deadline::after(config()->limits.call); }
  LoginPtr login_state() const;
  CkResult<LoginPtr> user() const;
  void take_config(config::TokenConfig config);  // with mutex_ held
  std::string user_of(Role role) const;          // the configured account
  CkResult<void> check_no_login(Role role) const;
  void note_login_failure(const transport::ApplianceError& failure);
  void forget_login_if(const LoginPtr& refused);
  bool is_refused(const Secret& password) const;
  void note_refused(const Secret& password);
  void take_names_of_key(object::NewCertificate& certificate) const;

  // An answer as a result, with what a failure tells about login and objects taken to heart.
  template <typename T>
  CkResult<T> settle(const LoginPtr& login, Deadline deadline, transport::Answer<T>&& answer,
                     Purpose purpose);

  CkResult<void> read_objects(const transport::Credential& who, bool always_authenticate,
                              Deadline deadline);
  void read_with_configured_credential();

  // Beside a call that made a request anyway: the objects once more, where the list is older than configured.
  void refresh_if_old(const LoginPtr& login, Deadline deadline);
  bool take_turn_to_refresh();

  enum class Wanted { anything, fresh };
  bool knows_info(Wanted wanted) const;  // with mutex_ held
  std::shared_ptr<const mechanism::Offer> fresh_offer();

  // Asks what the appliance is, where that is not known as wanted; one at a time, the others wait for its answer. By
  // the deadline, which has to leave the caller the time it needs.
  void learn_info(Wanted wanted, Deadline deadline);
  Deadline question_deadline() const;  // one attempt to connect

  // True where it was taken over: not where the token has other members by now.
  bool take_info(const ConfigPtr& asked_of, transport::Answer<transport::ApplianceInfo> answer);

  void edit(const std::function<void(transport::ObjectSet&)>& change);
  void save_cache();
  void load_cache();  // with mutex_ held
  void rebuild();     // with mutex_ held: the snapshot of objects_
  void
  describe_offer();  // with mutex_ held: what objects show of the mechanisms, made when those change

  const std::unique_ptr<transport::Appliance> appliance_;
  const std::shared_ptr<crypto::Context> context_;
  const std::filesystem::path cache_dir_;
  object::HandleSource handles_;

  std::mutex cache_mutex_;  // held while the cache file is written; taken before mutex_

  mutable std::mutex mutex_;  // guards all below; never held over a request
  ConfigPtr config_;
  std::shared_ptr<const object::PublicCache> cache_;  // of these members
  LoginPtr login_;
  std::optional<Secret> refused_password_;  // of the configured source
  std::optional<transport::ApplianceInfo> info_;
  std::shared_ptr<const mechanism::Offer> offer_;
  std::optional<SteadyTime> info_read_at_;  // from the appliance, maybe by an earlier process
  std::optional<SteadyTime> info_failed_at_;
  bool asking_for_info_ = false;
  std::condition_variable info_answered_;
  std::optional<SteadyTime> read_failed_at_;
  CK_FLAGS pin_flags_ = 0;
  bool cache_loaded_ = false;
  bool objects_read_ = false;  // from the appliance, not only from disk
  SteadyTime objects_asked_at_{};
  transport::ObjectSet objects_;
  unsigned long edits_ =
      0;  // own changes, and of the members: an answer asked for before one is out of date
  std::shared_ptr<const mechanism::Offer>
      described_offer_;  // that builtin_ and traits_ are made from
  std::vector<object::ObjectPtr> builtin_;
  object::KeyTraits traits_;
  object::SnapshotPtr snapshot_;
  std::unordered_set<CK_OBJECT_HANDLE> orphaned_public_keys_;
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_TOKEN_H_
