// What all documents of one run are judged by: whom to trust, at which moment, by which rules, with which evidence beside theirs.
#ifndef SIGNET_SIGNET_CLI_VERIFY_JUDGING_H_
#define SIGNET_SIGNET_CLI_VERIFY_JUDGING_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/secret.h"
#include "signet-cli/verify/options.h"
#include "validation/document.h"
#include "validation/online.h"
#include "validation/policy.h"
#include "validation/trusted_lists/trusted_lists.h"

namespace signet::cli {

struct Judging {
  validation::Policy policy;
  std::vector<validation::CertificatePtr> certificates;
  std::vector<validation::RevocationDataPtr> revocations;
  std::shared_ptr<const validation::TrustedLists> lists;  // null: nobody asks what is qualified
  std::optional<validation::OnlineOptions> online;
  std::vector<std::string> notes;  // what the user should know of all this

  // Adds certificates and revocation data to a document's own.
  void add_evidence(validation::Evidence& evidence) const;
};

VerifyResult<Judging> judging_of(const VerifyOptions& options);

// Of encrypted PDF documents; empty: none was named.
VerifyResult<Secret> password_of(const VerifyOptions& options);

// "2026-11-27" (its beginning) or "2026-11-27T12:00:00Z".
std::optional<validation::Time> parse_moment(std::string_view text);

// "24h", and what config::parse_duration() takes, which ends at minutes.
std::optional<std::chrono::seconds> span_of(const std::string& text);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_VERIFY_JUDGING_H_
