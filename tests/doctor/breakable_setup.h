// A set-up that a test breaks and cures again, for the table of broken set-ups.
#ifndef SIGNET_TESTS_DOCTOR_BREAKABLE_SETUP_H_
#define SIGNET_TESTS_DOCTOR_BREAKABLE_SETUP_H_

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/doctor/doctor_setup.h"
#include "tests/doctor/plain_server.h"
#include "tests/support/x509.h"

namespace signet::tests {

// What `signet doctor --json` says.
class Verdict {
 public:
  Verdict(const std::vector<std::string>& words, const std::vector<std::string>& before);

  int status() const { return status_; }
  const std::string& text() const { return text_; }

  // All lines, "check: sentence" with its advice in the next line.
  bool says(const std::string& text) const { return text_.find(text) != std::string::npos; }

  // What stands between the two, for what the advice has to give.
  std::string between(const std::string& begin, const std::string& end) const;

 private:
  int status_;
  std::string text_;
};

class BreakableSetup {
 public:
  explicit BreakableSetup(DoctorSetup::Members members = DoctorSetup::Members::one);

  DoctorSetup& setup() { return setup_; }
  const DoctorSetup& setup() const { return setup_; }
  std::string pin() const { return pin_; }

  // The configuration, with one text in it put in the place of another.
  void rewrite(const std::string& from, const std::string& to) const;
  void restore_config() const { setup_.configure(setup_.members()); }

  // With another URL of the first member.
  void point_to(const std::string& url) const;

  // Through the module, as any program: for the key with this label. `id_of`: whose CKA_ID it gets.
  void store(const std::string& key, const std::string& label, const Validity& validity,
             const std::string& id_of) const;
  void store_file(const std::string& file, const std::string& label, const std::string& key) const;
  void set_certificate_id(const std::string& label, const std::string& key) const;
  Bytes public_key(const std::string& key) const;
  void delete_certificates() const;

  // An account whose password has expired takes only this.
  void change_pin(const std::string& pin);

  // `signet` with the token's options.
  void signet(std::vector<std::string> words) const;

  // Signs the configuration with an anchor, whose variable is set.
  void sign_config() const;

  void serve_plain();

 private:
  std::string pin_;
  DoctorSetup setup_;
  std::unique_ptr<PlainServer> plain_;
};

// The commands that the advice tells to run ("run: …").
void carry_out(const Verdict& verdict);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_DOCTOR_BREAKABLE_SETUP_H_
