// A remote signing service that speaks the API of the Cloud Signature Consortium, version 1.0.4 or 2.
#ifndef SIGNET_DSA_TRANSPORT_CSC_CSC_APPLIANCE_H_
#define SIGNET_DSA_TRANSPORT_CSC_CSC_APPLIANCE_H_

#include <memory>

#include "dsa-transport/settings.h"
#include "dsa-transport/signing_only.h"

namespace signet::transport::csc {

struct State;

// Making one reaches for no network and starts nothing. About its end, see native/native_appliance.h.
//
// A user's password is the PIN of the service's credentials, where they have one. It is checked at login where a
// credential of SCAL 1 wants it, and otherwise with the first signature. It cannot be changed here.
class CscAppliance final : public SigningOnlyAppliance {
 public:
  explicit CscAppliance(Settings settings);
  ~CscAppliance() override;
  CscAppliance(const CscAppliance&) = delete;
  CscAppliance& operator=(const CscAppliance&) = delete;

  Task<Answer<ApplianceInfo>> start_info(Deadline deadline) override;
  Task<Answer<AccountInfo>> start_account(const Credential& who, Deadline deadline) override;
  Task<Answer<std::optional<ObjectSet>>> start_objects(const Credential& who,
                                                       std::string_view known_etag,
                                                       Deadline deadline) override;
  Task<Answer<Signatures>> start_sign(const Credential& who, const SignRequest& request,
                                      Deadline deadline) override;
  Task<Answer<TimeStamp>> start_time_stamp(TimeStampRequest request, Deadline deadline) override;
  Task<Answer<void>> start_change_password(const Credential& who, const Secret& new_password,
                                           Deadline deadline) override;
  Task<Answer<void>> start_set_password(const Credential& administrator, std::string user,
                                        const Secret& new_password, Deadline deadline) override;

  ApplianceInfo minimum() const override;
  ApplianceFigures figures() const override;
  void reconfigure(const Settings& settings) override;
  void abandon() noexcept override;

 private:
  const std::unique_ptr<State> state_;
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_CSC_APPLIANCE_H_
