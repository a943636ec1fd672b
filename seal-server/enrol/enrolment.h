// The enrolment of one client, step by step. Each step looks first at what is there, so that one that was killed anywhere
// ends, when it is repeated, in the same state: one account, one key on the card, one key in the appliance.
//
// The content key K and the appliance password live in this process alone. Where it ends before the enrolment does, the next
// run makes others in their place: nobody has used the former ones.
#ifndef SIGNET_SEAL_SERVER_ENROL_ENROLMENT_H_
#define SIGNET_SEAL_SERVER_ENROL_ENROLMENT_H_

#include <functional>
#include <string>

#include "common/secret.h"
#include "seal-client/administration.h"
#include "seal-server/enrol/account.h"
#include "seal-server/enrol/activation_card.h"
#include "seal-server/enrol/certification.h"
#include "seal-server/enrol/journal.h"
#include "seal-server/enrol/office.h"

namespace signet::sealserver::enrol {

// Called before each step: its number from 1 on, how many there are, and what it does.
using Progress = std::function<void(unsigned step, unsigned steps, const std::string& what)>;

// The seal server's calls for this office.
sealclient::Administration administration_of(const OfficeSettings& settings);

// Gives the account a password that nobody has, where it was asked for. Throws CommandFailure.
void end_password(const Office& office, const Record& record);

// Revokes all keys of the client at the seal server, where it is there. Throws CommandFailure.
void revoke_keys(sealclient::Administration& server, const Record& record);

// Both, where the record is of a new round and it was not done yet, and the one also where the other fails: whoever has one of
// the former keys does not have it until there is a new card. Throws CommandFailure.
void take_back_former(const Office& office, sealclient::Administration& server, Record& record);

class Enrolment {
 public:
  // `record`: begun, on disk. The office and the card outlive it.
  Enrolment(const Office& office, Record record, ActivationCard& card, Progress progress);

  // Throws CommandFailure. Afterwards record().done is true.
  void run();

  const Record& record() const { return record_; }

 private:
  void save() { write_record(office_.journals(), record_); }
  void next(const std::string& what);
  std::string request_name(const char* purpose) const;

  void make_card_key();
  void certify_card_key();
  void certify_by(Certification& own, const Demand& demand, const char* purpose,
                  const std::function<Bytes(const Bytes& subject)>& make_request);
  void add_client();
  void make_secrets();
  void keep_at_server();
  void open_account();
  void make_sealing_key();
  void certify_sealing_key();
  void use_present_sealing_certificate();
  void finish_card();

  const Office& office_;
  Record record_;
  ActivationCard& card_;
  Progress progress_;
  unsigned step_ = 0;
  sealclient::Administration server_;
  Account account_;
  pkcs11::Key card_key_;
  transport::KeyInfo sealing_key_;
  Secret content_key_;
  Secret password_;
};

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_ENROLMENT_H_
