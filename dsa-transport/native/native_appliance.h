// An appliance, or a pair of them, behind the REST contract v1 (../appliance-v1.openapi.yaml).
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_NATIVE_APPLIANCE_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_NATIVE_APPLIANCE_H_

#include <memory>

#include "dsa-transport/appliance.h"
#include "dsa-transport/appliance_accounts.h"
#include "dsa-transport/settings.h"

namespace signet::transport::native {

struct State;

// Making one reaches for no network and starts nothing.
//
// When it goes, connections are closed with a TLS close_notify. Two moments in which it must not be
// destroyed but left to the end of the process:
// - after static destruction began, when OpenSSL may have cleaned up behind itself;
// - in a child after fork(), where the owner calls abandon() and then forgets the pointer.
class NativeAppliance final : public Appliance, public AccountAdministration {
 public:
  explicit NativeAppliance(Settings settings);
  ~NativeAppliance() override;
  NativeAppliance(const NativeAppliance&) = delete;
  NativeAppliance& operator=(const NativeAppliance&) = delete;

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
  Task<Answer<void>> start_set_password(const Credential& administrator, std::string user,
                                        const Secret& new_password, Deadline deadline) override;

  Task<Answer<void>> start_add_account(const Credential& administrator, NewAccount account,
                                       const Secret& password, Deadline deadline) override;

  ApplianceInfo minimum() const override;
  Milliseconds repeatable_for() const override;
  ApplianceFigures figures() const override;
  void reconfigure(const Settings& settings) override;
  void abandon() noexcept override;

 private:
  const std::unique_ptr<State> state_;
};

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_NATIVE_APPLIANCE_H_
