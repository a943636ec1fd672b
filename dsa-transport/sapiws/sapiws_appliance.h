// The SOAP service of a CoSign or DocuSign Signature Appliance: SAPIWS, `dss.asmx` and `spml.asmx` below the member's URL.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_SAPIWS_APPLIANCE_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_SAPIWS_APPLIANCE_H_

#include <memory>

#include "dsa-transport/settings.h"
#include "dsa-transport/signing_only.h"

namespace signet::transport::sapiws {

struct State;

// Making one reaches for no network and starts nothing. About its end, see native/native_appliance.h.
//
// Each RSA certificate of the account is a key; the service shows no others. Whether an account is an administrator tells
// the user management alone (spml.asmx), which is asked for accounts other than the token's own.
class SapiwsAppliance final : public SigningOnlyAppliance {
 public:
  explicit SapiwsAppliance(Settings settings);
  ~SapiwsAppliance() override;
  SapiwsAppliance(const SapiwsAppliance&) = delete;
  SapiwsAppliance& operator=(const SapiwsAppliance&) = delete;

  Task<Answer<ApplianceInfo>> start_info(Deadline deadline) override;
  Task<Answer<AccountInfo>> start_account(const Credential& who, Deadline deadline) override;
  Task<Answer<std::optional<ObjectSet>>> start_objects(const Credential& who,
                                                       std::string_view known_etag,
                                                       Deadline deadline) override;
  Task<Answer<Signatures>> start_sign(const Credential& who, const SignRequest& request,
                                      Deadline deadline) override;
  Task<Answer<void>> start_change_password(const Credential& who, const Secret& new_password,
                                           Deadline deadline) override;
  Task<Answer<void>> start_set_password(const Credential& administrator, std::string user,
                                        const Secret& new_password, Deadline deadline) override;

  ApplianceInfo minimum() const override;
  bool carries_reference() const override { return false; }  // DSS has no place for one
  ApplianceFigures figures() const override;
  void reconfigure(const Settings& settings) override;
  void abandon() noexcept override;

 private:
  const std::unique_ptr<State> state_;
};

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_SAPIWS_APPLIANCE_H_
