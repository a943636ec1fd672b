// Fetches what a document lacks: issuers' certificates, CRLs, OCSP answers. The only part of validation that uses the network,
// and only where the caller makes one of these.
#ifndef SIGNET_VALIDATION_ONLINE_H_
#define SIGNET_VALIDATION_ONLINE_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "validation/document.h"
#include "validation/policy.h"

namespace signet::validation {

struct OnlineOptions {
  std::chrono::seconds each = std::chrono::seconds(10);  // for one answer
  std::chrono::seconds all = std::chrono::seconds(60);
  std::uint64_t largest_answer =
      std::uint64_t{64} * 1024 * 1024;  // bytes; of a certificate or an OCSP answer 1 MiB
  std::vector<std::string>
      hosts;  // names that may be asked; empty: all. Never one that resolves to a local address, unless named
  // "http://host:port": asked for everything, and looks hosts up; empty: none, whatever the environment says. Which local hosts it
  // leads to is then its matter: refused is here only what is local by its name or number, unless named.
  std::string proxy;
  std::filesystem::path cache;  // a folder; empty: none. Kept until nextUpdate
  // What is demanded of revocation data beside that it is fresh; empty: nothing. What is not enough is taken, and the next source
  // asked.
  std::function<bool(const Certificate& of, const RevocationStatus& status)> is_enough;
  // Of a validation at the present: the time. What is fetched is often made on demand, thus after policy.at. Empty: revocation data
  // of after policy.at is not taken.
  std::function<Time()> clock;
  // Asked every 100 ms while an answer is waited for; once it says yes, that request ends and no other one is made. Empty: no.
  std::function<bool()> is_cancelled;
};

// One request, for the log: what was asked for and what came.
struct Fetch {
  std::string url;  // printable
  std::uint64_t bytes = 0;
  std::string problem;  // empty: it was used
};

// Adds to `parts.evidence` whatever the chains of its signatures, time-stamps and revocation data lack, until nothing more is
// lacking, a limit is reached, or it is cancelled. What cannot be fetched is told, and is no error. With a clock, policy.at and
// policy.now are afterwards a moment after the last answer.
std::vector<Fetch> fetch_missing(DocumentParts& parts, Policy& policy, const OnlineOptions& options,
                                 const std::function<void(const Fetch&)>& progress = {});

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_ONLINE_H_
