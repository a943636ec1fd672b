// An appliance in memory for unit tests: real keys, accounts with a lock after five wrong
// passwords, failures on demand. It keeps the contract of Appliance, thread safety included. Never
// part of a product binary.
//
//   FakeAppliance appliance;                       // one account: "seal", password "secret"
//   const KeyInfo key = appliance.add_ec_key(Curve::p256, label, cka_id);
//   appliance.fail_next(Call::sign, Failure::busy);
#ifndef SIGNET_DSA_TRANSPORT_TESTING_FAKE_APPLIANCE_H_
#define SIGNET_DSA_TRANSPORT_TESTING_FAKE_APPLIANCE_H_

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "dsa-transport/appliance.h"
#include "dsa-transport/testing/fake_keys.h"

namespace signet::transport {

struct FakeAccount {
  std::string user = {};
  std::string password = {};
  bool administrator = false;
  SignCredential sign_credential = SignCredential::none;
  std::string sign_password = {};  // of every key, where sign_credential is not none
  bool expired = false;            // only a password change still works
  bool disabled = false;
  bool activated = true;
  unsigned wrong_passwords = 0;  // locked from the fifth on
};

class FakeAppliance final : public Appliance {
 public:
  enum class Call {
    info,
    account,
    objects,
    sign,
    generate_key,
    update_key,
    delete_key,
    import_certificate,
    update_certificate,
    delete_certificate,
    change_password,
    set_password,
    last = set_password,
  };

  // How a signature is spoiled before it is handed out.
  enum class Spoil { none, bit_flip, other_key, other_digest, cut_short };

  FakeAppliance();

  // Setting the scene; all of it may be called while calls are running.
  void set_info(ApplianceInfo info);
  void set_account(FakeAccount account);  // adds it, or replaces the one of this name
  KeyInfo add_key(const KeySpec& spec);   // visible to every account

  // Gives the keys from now on, instead of making each: RSA keys take a while to make.
  void set_key_maker(std::function<PkeyPtr(const KeySpec&)> maker);
  KeyInfo add_rsa_key(unsigned bits = 2048, Bytes label = {}, Bytes cka_id = {});
  KeyInfo add_ec_key(Curve curve = Curve::p256, Bytes label = {}, Bytes cka_id = {});
  void set_key_active(const std::string& id, bool active);
  CertificateInfo add_certificate(ByteView der, Bytes label, Bytes cka_id);
  void set_object_limit(std::size_t keys_and_certificates);
  void set_repeatable_for(Milliseconds time);  // see repeatable_for(); ten minutes until then

  // The next `times` calls of this kind fail before they do anything.
  void fail_next(Call call, Failure failure, unsigned times = 1);
  void fail_next(Call call, ApplianceError error, unsigned times = 1);

  void clear_failures();  // those that have not come about

  void spoil_next_signature(Spoil spoil);

  // Runs at the first step of each call, without a lock held; to delay or to change the scene.
  void on_call(std::function<void(Call)> hook);

  // Calls of this kind wait, as for an answer that is late, until they are let go or their time is over.
  void hold(Call call);
  void let_go(Call call);

  // What was seen.
  unsigned calls(Call call) const;
  unsigned calls() const;
  Milliseconds time_given(Call call) const;  // to the latest of this kind; 0: there was none
  std::vector<SignRequest> sign_requests() const;
  PkeyPtr private_key(const std::string& id) const;  // for tests that check signatures

  Task<Answer<ApplianceInfo>> start_info(Deadline deadline) override;
  Task<Answer<AccountInfo>> start_account(const Credential& who, Deadline deadline) override;
  Task<Answer<std::optional<ObjectSet>>> start_objects(const Credential& who,
                                                       std::string_view known_etag,
                                                       Deadline deadline) override;
  Task<Answer<Signatures>> start_sign(const Credential& who, const SignRequest& request,
                                      Deadline deadline) override;
  Task<Answer<Traced<KeyInfo>>> start_generate_key(const Credential& who, const KeySpec& spec,
                                                   Deadline deadline) override;
  Task<Answer<Traced<KeyInfo>>> start_update_key(const Credential& who, std::string id,
                                                 std::optional<Bytes> label,
                                                 std::optional<Bytes> cka_id,
                                                 Deadline deadline) override;
  Task<Answer<Trace>> start_delete_key(const Credential& who, std::string id,
                                       Deadline deadline) override;
  Task<Answer<Traced<CertificateInfo>>> start_import_certificate(const Credential& who,
                                                                 ByteView der, Bytes label,
                                                                 Bytes cka_id,
                                                                 Deadline deadline) override;
  Task<Answer<Traced<CertificateInfo>>> start_update_certificate(const Credential& who,
                                                                 std::string id,
                                                                 std::optional<Bytes> label,
                                                                 std::optional<Bytes> cka_id,
                                                                 Deadline deadline) override;
  Task<Answer<Trace>> start_delete_certificate(const Credential& who, std::string id,
                                               Deadline deadline) override;
  Task<Answer<void>> start_change_password(const Credential& who, const Secret& new_password,
                                           Deadline deadline) override;
  ApplianceInfo minimum() const override;
  Milliseconds repeatable_for() const override;
  Task<Answer<void>> start_set_password(const Credential& administrator, std::string user,
                                        const Secret& new_password, Deadline deadline) override;

 private:
  struct StoredKey {
    KeyInfo info;
    PkeyPtr key;
  };
  using Lock = std::unique_lock<std::mutex>;

  bool is_held(Call call) const;
  Task<bool> held(Call call, Deadline deadline);

  // Counts the call, runs the hook, then takes the lock and plays the programmed failure, if there
  // is one.
  Answer<Lock> begin(Call call, Deadline deadline);
  Answer<Lock> begin_as(Call call, const Credential& who, Deadline deadline);

  Answer<void> authenticate(const Credential& who);
  Answer<void> check_sign_password(const FakeAccount& account, const SignRequest& request) const;
  Answer<Bytes> sign_one(const StoredKey& key, const SignRequest& request, const Bytes& digest);
  std::string depart(const SignRequest& request);
  std::function<PkeyPtr(const KeySpec&)> key_maker() const;
  std::string new_id(char kind);
  void changed() { ++version_; }

  mutable std::mutex mutex_;
  std::function<void(Call)> hook_;
  std::function<PkeyPtr(const KeySpec&)> key_maker_ = make_fake_key;
  std::array<unsigned, static_cast<std::size_t>(Call::last) + 1> counts_{};
  std::map<Call, Milliseconds> given_;
  std::map<Call, std::deque<ApplianceError>> failures_;
  Spoil spoil_ = Spoil::none;
  std::set<Call> held_;
  ApplianceInfo info_;
  std::map<std::string, FakeAccount> accounts_;
  std::map<std::string, StoredKey> keys_;
  std::map<std::string, CertificateInfo> certificates_;
  std::vector<SignRequest> sign_requests_;
  std::map<std::string, Signatures> signed_;  // by idempotency key
  std::map<std::string, KeyInfo> made_;       // likewise
  Milliseconds repeatable_for_{600'000};
  std::size_t object_limit_ = 10'000;
  unsigned next_id_ = 1;
  unsigned version_ = 1;  // of the object set
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_TESTING_FAKE_APPLIANCE_H_
