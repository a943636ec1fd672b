// The journal of renewals: one record a certificate, on disk before the step that it speaks of is
// taken further, so that a renewal that was killed anywhere goes on where it was.
//
// A folder, readable by its owner only, with three files a renewal, named after the old certificate
// (the first 32 digits of its SHA-256):
//   NAME.json   the record
//   NAME.p7m    the renewal request: PKCS#10 in CMS SignedData, DER
//   NAME.pem    the answer: the new certificate and its issuers
// Each is written whole to the disk under another name first and then renamed.
#ifndef SIGNET_KEYGEN_RENEWAL_JOURNAL_H_
#define SIGNET_KEYGEN_RENEWAL_JOURNAL_H_

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/descriptor.h"
#include "keygen/token_names.h"

namespace signet::keygen {

// What is done already. The names stand in the record.
enum class RenewalStep {
  planned,     // the new key's id is chosen; perhaps the key is made
  key_made,    // the new key is on the token
  requested,   // NAME.p7m is written; perhaps the authority has it
  answered,    // NAME.pem is written, and checked
  imported,    // the new certificate is on the token
  done,        // the labels are moved
  superseded,  // another journal's renewal was first; nothing of this one is left
};

// Nothing more is to be done.
constexpr bool is_finished(RenewalStep step) {
  return step == RenewalStep::done || step == RenewalStep::superseded;
}

std::string_view name_of(RenewalStep step);

// Of the files of the renewal of this certificate (DER).
std::string renewal_name(ByteView old_certificate);

struct RenewalRecord {
  RenewalStep step = RenewalStep::planned;
  std::string token;      // its label, for people
  Bytes old_certificate;  // DER
  std::string
      certificate_label;  // of the old certificate, and in the end of the new one; may be empty
  std::string key_label;  // of the old key, and in the end of the new one; may be empty
  std::string key_type;   // of the new key, as KeyType::text() writes it
  std::string key_type_reason;  // a sentence where it is another one than the old key's; else empty
  Bytes new_id;                 // CKA_ID of the new key
  // Ids of keys whose making was cut off and that were not there when it was tried again. One that
  // comes up later is deleted.
  std::vector<Bytes> abandoned_ids;
  std::optional<std::chrono::system_clock::time_point> requested_at;  // absent until requested
  Bytes new_public_key;  // DER SubjectPublicKeyInfo; empty until key_made

  std::string name() const { return renewal_name(old_certificate); }
};

// A file that should hold the record of a renewal and does not; no other renewal depends on it.
struct BrokenRecord {
  std::string name;          // renewal_name() of its certificate
  pkcs11::TokenError error;  // Reason::unreadable; names the file
};

struct RenewalRecords {
  std::vector<RenewalRecord> readable;
  std::vector<BrokenRecord> broken;
};

class RenewalJournal {
 public:
  // Makes the folder where it is missing. One process at a time: Reason::exists where another one
  // has it open.
  static TokenResult<RenewalJournal> open(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }

  // All that there are, finished ones too, by name; unreadable only where the folder is.
  TokenResult<RenewalRecords> records() const;

  // Has come to rest on the disk when this returns.
  TokenResult<void> write(const RenewalRecord& record);
  TokenResult<void> write_request(const RenewalRecord& record, ByteView der);
  TokenResult<void> write_answer(const RenewalRecord& record, ByteView pem);

  std::filesystem::path request_file(const RenewalRecord& record) const;
  std::filesystem::path answer_file(const RenewalRecord& record) const;

 private:
  RenewalJournal(std::filesystem::path folder, Descriptor descriptor)
      : folder_(std::move(folder)), descriptor_(std::move(descriptor)) {}
  TokenResult<void> write_file(const std::filesystem::path& file, ByteView content);

  std::filesystem::path folder_;
  Descriptor descriptor_;  // of the folder; holds the lock
};

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_RENEWAL_JOURNAL_H_
