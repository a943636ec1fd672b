// A client's account at the appliance, as the registration authority makes it: the account, the sealing key, its certificate.
#ifndef SIGNET_SEAL_SERVER_ENROL_ACCOUNT_H_
#define SIGNET_SEAL_SERVER_ENROL_ACCOUNT_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/secret.h"
#include "dsa-transport/appliance.h"
#include "seal-server/enrol/office.h"

namespace signet::sealserver::enrol {

enum class AccountAnswer { added, exists, refused };

// All of it throws CommandFailure.
class Account {
 public:
  Account(const OfficeSettings& settings, std::string user);

  // Throws where the administrator's password cannot be read.
  void check_administrator() const { (void)administrator(); }

  // By the administrator. `refused`: it was certainly not added, and fail_refused() throws why; where it
  // may have been added, add() itself throws.
  AccountAnswer add(const std::string& common_name, const Secret& password);
  [[noreturn]] void fail_refused() const;
  void set_password(
      const Secret& password) const;  // ends what anybody could do with the former one

  // By the account itself, with the password that was set last.
  void use(const Secret& password) { own_ = {user_, password}; }

  // The sealing key of this ckaId: the one that is there, or a new one. `type`: "rsa:3072", "ec:P-256", …
  transport::KeyInfo key(ByteView cka_id, const std::string& type) const;

  // A PKCS#10 for it, DER; `subject`: a DER Name.
  Bytes request(const transport::KeyInfo& key, const Bytes& subject) const;

  // The certificate beside its key, and its issuers.
  void store(const transport::KeyInfo& key, const std::vector<Bytes>& certificates) const;

  // The certificate (DER) of this SHA-256 whose key is there, too; nothing where there is none.
  std::optional<transport::CertificateInfo> certificate_named(ByteView sha256) const;

  // Ends the password: another one is set that nobody has. An account that is not there is none that anybody could use.
  void forget_password();

 private:
  transport::ObjectSet objects() const;
  transport::Credential administrator() const;

  const OfficeSettings& settings_;
  const std::string user_;
  const std::unique_ptr<transport::Appliance> appliance_;
  transport::Credential own_;
  std::optional<transport::ApplianceError> refusal_;
};

// 192 random bits as text that any password policy takes.
Secret random_password();

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_ACCOUNT_H_
