// The checks of doctor, from the file to the signature. Each adds its lines to the findings; what
// cannot be tried because something before it failed is said, too.
#ifndef SIGNET_SIGNET_CLI_DOCTOR_CHECKS_H_
#define SIGNET_SIGNET_CLI_DOCTOR_CHECKS_H_

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "common/secret.h"
#include "config/config.h"
#include "crypto/suite.h"
#include "dsa-transport/appliance.h"
#include "signet-cli/doctor/findings.h"

namespace signet::cli::doctor {

// What ends within this time deserves a look.
inline constexpr std::chrono::hours kSoon{30L * 24};

// The configuration's file, owner, signature, content, and the places that it names for writing. Nothing
// where it cannot be used.
std::optional<config::Config> check_configuration(const std::string& named_file,
                                                  Findings& findings);

// Nothing where it cannot be read.
std::optional<crypto::Suite> check_suite(const config::Config& config, Findings& findings);

// That the module is there and can be loaded. It is not initialised: nothing is asked of an appliance.
void check_module(Findings& findings);

// What lets this user read the file, where a folder on the way or the file itself is closed to it; empty: nothing is.
std::string advice_for_denied(const std::filesystem::path& file);

// Name, TCP, TLS, pin, certificate, clock and the appliance's own words of one member, which is
// asked as if it were the only one. What it says of itself, where it can be asked for more.
// `access_refused`: an earlier member refused what the service knows this client by, which is then not sent again; set where
// this one refuses it.
std::optional<transport::ApplianceInfo> check_member(const config::TokenConfig& token,
                                                     const config::MemberConfig& member,
                                                     bool& access_refused, Findings& findings);

std::string advice_for(transport::Failure failure);

// The account at each member that can be asked, its objects, their certificates, and a signature.
class AccountCheck {
 public:
  struct Password {
    std::optional<Secret> secret;
    std::string why_not;  // where there is none
  };

  struct TestSignature {
    bool wanted = true;
    std::optional<Secret> second;  // for accounts that sign with a credential of its own
    std::string why_no_second;     // where there is none
  };

  AccountCheck(const config::TokenConfig& token, Password password, TestSignature signature,
               Findings& findings);

  // At one member. Until the password was accepted once, it is sent once in all: a second wrong one
  // would bring the account nearer to its lock.
  void check_at(const config::MemberConfig& member,
                const std::optional<transport::ApplianceInfo>& info);

  // The certificates, once for all members.
  void check_certificates();

  // What the suite says against keys and certificates, once for all members, too. Null: there is none.
  void check_algorithms(const crypto::Suite* suite);

 private:
  std::optional<transport::AccountInfo> log_in(const Place& place,
                                               const config::MemberConfig& member);
  void check_objects(const Place& place, const config::MemberConfig& member, bool makes_keys);
  void report_keys(const Place& place, const transport::ObjectSet& set, bool makes_keys);
  void check_signature(const Place& place, const config::MemberConfig& member,
                       const transport::AccountInfo& account);
  void sign_with(const Place& place, const config::MemberConfig& member,
                 const transport::KeyInfo& key, bool twice);
  const transport::KeyInfo* key_to_sign_with() const;
  Deadline call_deadline() const { return Deadline::after(token_.limits.call); }

  const config::TokenConfig& token_;
  const Password password_;
  const TestSignature signature_;
  Findings& findings_;
  std::optional<Secret> secret_;  // the password; empty where the service needs none
  bool tried_ = false;
  bool accepted_ = false;
  bool second_sent_ = false;
  std::optional<transport::ObjectSet> objects_;  // of the first member that gave them
};

}  // namespace signet::cli::doctor

#endif  // SIGNET_SIGNET_CLI_DOCTOR_CHECKS_H_
