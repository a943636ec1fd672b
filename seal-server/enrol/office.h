// The folder of a registration authority: its settings (enrol.toml), the key that signs statements, and a journal for each
// client.
#ifndef SIGNET_SEAL_SERVER_ENROL_OFFICE_H_
#define SIGNET_SEAL_SERVER_ENROL_OFFICE_H_

#include <filesystem>
#include <string>
#include <vector>

#include "common/descriptor.h"
#include "config/client_certificate.h"
#include "config/config.h"
#include "config/credential_source.h"
#include "keygen/certificate.h"
#include "pinning/pins.h"

namespace signet::sealserver::enrol {

struct OfficeSettings {
  std::string server;                       // "https://host:port" of the seal server
  pinning::PinSet server_pins;              // of its key, live and backup
  config::ClientCertificate administrator;  // at the seal server
  // The ways to the certification authorities, for plain PKCS#10 requests: certificates/authority.h.
  std::string authentication_ca;
  std::string sealing_ca;
  std::string ca_file;  // PEM, for the https of both; empty: what the system trusts
  std::vector<keygen::Certificate> roots;     // to which both certificates must chain
  std::vector<config::MemberConfig> members;  // of the appliance, the primary first
  std::string appliance_administrator;
  config::CredentialSource appliance_password;
};

class Office {
 public:
  // Takes the folder for this process; another one that has it is a failure. Throws CommandFailure.
  static Office open(const std::filesystem::path& folder);

  const OfficeSettings& settings() const { return settings_; }

  // DER SubjectPublicKeyInfo of the key that signs statements; made by the first call: enrol.key and enrol.crt.
  Bytes enrol_key() const;

  std::filesystem::path journals() const { return folder_ / "enrolments"; }
  std::filesystem::path requests() const { return folder_ / "requests"; }

 private:
  Office(std::filesystem::path folder, OfficeSettings settings, Descriptor lock)
      : folder_(std::move(folder)), settings_(std::move(settings)), lock_(std::move(lock)) {}

  std::filesystem::path folder_;
  OfficeSettings settings_;
  Descriptor lock_;
};

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_OFFICE_H_
