// An appliance, or a pair of them, behind the REST contract v1 (appliance-v1.openapi.yaml).
#ifndef SIGNET_DSA_TRANSPORT_REST_APPLIANCE_H_
#define SIGNET_DSA_TRANSPORT_REST_APPLIANCE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "dsa-transport/appliance.h"
#include "dsa-transport/counters.h"

namespace signet::transport {

struct RestOptions {
  std::vector<config::MemberConfig> members;  // the primary first; at least one
  std::optional<config::ClientCertificate> client_certificate;
  config::Limits limits;
  std::string user_agent = "signet";

  // False: nothing here starts a thread; a host's name is then looked up in the calling thread,
  // which no deadline can cut short.
  bool may_create_threads = true;

  // False: a call ends with its first attempt at each member, so that a password is sent at most
  // once to each, whatever becomes of the answer.
  bool may_repeat = true;
};

struct RestState;

// Thread-safe, as Appliance demands. Making one reaches for no network and starts nothing.
//
// When it goes, connections are closed with a TLS close_notify. Two moments in which it must not be
// destroyed but left to the end of the process:
// - after static destruction began, when OpenSSL may have cleaned up behind itself;
// - in a child after fork(), where the owner calls abandon() and then forgets the pointer.
class RestAppliance final : public Appliance {
 public:
  explicit RestAppliance(RestOptions options);
  ~RestAppliance() override;
  RestAppliance(const RestAppliance&) = delete;
  RestAppliance& operator=(const RestAppliance&) = delete;

  // Of all members.
  Totals totals() const { return figures().sum(); }

  ApplianceFigures figures() const override;
  void abandon() noexcept override;
  void reconfigure(const config::TokenConfig& config) override;

  Answer<ApplianceInfo> info(Deadline deadline) override;
  Answer<AccountInfo> account(const Credential& who, Deadline deadline) override;
  Answer<std::optional<ObjectSet>> objects(const Credential& who, std::string_view known_etag,
                                           Deadline deadline) override;
  Answer<Signatures> sign(const Credential& who, const SignRequest& request,
                          Deadline deadline) override;
  Answer<KeyInfo> generate_key(const Credential& who, const KeySpec& spec,
                               Deadline deadline) override;
  Answer<KeyInfo> update_key(const Credential& who, const std::string& id,
                             const std::optional<Bytes>& label, const std::optional<Bytes>& cka_id,
                             Deadline deadline) override;
  Answer<void> delete_key(const Credential& who, const std::string& id, Deadline deadline) override;
  Answer<CertificateInfo> import_certificate(const Credential& who, ByteView der,
                                             const Bytes& label, const Bytes& cka_id,
                                             Deadline deadline) override;
  Answer<CertificateInfo> update_certificate(const Credential& who, const std::string& id,
                                             const std::optional<Bytes>& label,
                                             const std::optional<Bytes>& cka_id,
                                             Deadline deadline) override;
  Answer<void> delete_certificate(const Credential& who, const std::string& id,
                                  Deadline deadline) override;
  Answer<void> change_password(const Credential& who, const Secret& new_password,
                               Deadline deadline) override;
  Answer<void> set_password(const Credential& administrator, const std::string& user,
                            const Secret& new_password, Deadline deadline) override;

 private:
  const std::unique_ptr<RestState> state_;
};

std::unique_ptr<RestAppliance> make_rest_appliance(RestOptions options);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_REST_APPLIANCE_H_
