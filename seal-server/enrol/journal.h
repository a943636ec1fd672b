// The journal of one client's enrolment: what was done, on disk before the next step is taken, so that an enrolment that was
// killed anywhere goes on. No key, password or PIN is in it: what is lost with the process is made again.
#ifndef SIGNET_SEAL_SERVER_ENROL_JOURNAL_H_
#define SIGNET_SEAL_SERVER_ENROL_JOURNAL_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"

namespace signet::sealserver::enrol {

// A request for a certificate, and what came of it.
struct Certification {
  Bytes request;                    // PKCS#10, DER; empty: none was made
  std::vector<Bytes> certificates;  // DER, the key's own first; empty: none was issued

  bool operator==(const Certification&) const = default;
};

struct Record {
  std::string account;  // at the appliance: also names the journal
  std::string name;
  std::string organisation;
  std::string subject;  // of both requests
  std::optional<std::int64_t> seals_a_day = {};
  std::optional<std::int64_t> seals_in_all = {};

  std::int64_t round = 1;    // one more with each enrolment of the same client
  bool withdrawing = false;  // the former round's keys and password are to be taken back first
  bool done = false;

  std::string client;            // id at the seal server; empty: not added yet
  std::string client_key;        // idempotency key of its adding
  std::string client_key_since;  // when that was made, RFC 3339 in UTC; empty: it was not sent yet

  std::string card_label;  // of the token; empty: none was seen in this round
  std::string card_serial;
  std::string card_key_type;  // "ec:P-256", …
  Bytes card_key_id;          // CKA_ID
  Certification authentication;
  Bytes content_key_hash;  // of the last K; the card has it, or the letter
  bool hash_on_card = false;

  bool account_asked = false;  // it was added, or perhaps was
  std::string sealing_key_type;
  Bytes sealing_key_id;  // ckaId in the appliance
  Certification sealing;

  bool operator==(const Record&) const = default;
};

// In a folder, a file for each account. Throw CommandFailure.
std::optional<Record> find_record(const std::filesystem::path& folder, const std::string& account);
std::optional<Record> find_client_record(const std::filesystem::path& folder,
                                         const std::string& client);
// The one whose present card this is, but for `account`'s.
std::optional<Record> find_card_record(const std::filesystem::path& folder,
                                       const std::string& label, const std::string& serial,
                                       const std::string& account);
void write_record(const std::filesystem::path& folder, const Record& record);
void remove_record(const std::filesystem::path& folder, const std::string& account);

// What an account may be called: 1 to 32 letters, digits, or . _ @ -, no dot in front.
bool is_account_name(const std::string& text);

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_JOURNAL_H_
