// Trusted lists (TS 119 612 V2.1.1 to V2.4.1) from files, and what they make of a signature (TS 119 615). Nothing is fetched.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_TRUSTED_LISTS_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_TRUSTED_LISTS_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/result.h"
#include "validation/certificate.h"
#include "validation/indication.h"
#include "validation/policy.h"
#include "validation/qualification.h"
#include "validation/result.h"

namespace signet::validation {

// Immutable, so thread-safe.
class TrustedLists {
 public:
  // Of every file in a folder that is a list (*.xml): lists of lists, their pivots, national lists. `journal`: the certificates that
  // may sign a list of lists (the Official Journal's); empty: no list can be used. Lists are judged at `now`: signature, announced
  // signer, NextUpdate, version. One that fails is kept with its fault. A list whose file is older than 24
  // hours at `now` is warned of. The error is a sentence: the folder cannot be read, or holds
  // no list. Bounds: 64 MiB for one file, 512 MiB in all.
  static Result<std::shared_ptr<const TrustedLists>, std::string> load(
      const std::filesystem::path& folder, const std::vector<CertificatePtr>& journal, Time now);
  virtual ~TrustedLists() = default;

  struct ListState {
    std::string file;
    std::string territory;  // "CZ"; "EU" for a list of lists
    std::string digest;     // SHA-256 of the file, hexadecimal
    Conclusion conclusion;  // failed or indeterminate: nothing in it counts
  };
  virtual const std::vector<ListState>& lists() const = 0;

  // The certificates of their services that issue qualified certificates or time-stamps: trust anchors where the caller wants
  // that, with what the lists say of ended certificates in their revocation data.
  virtual std::vector<TrustAnchor> anchors() const = 0;

  // `chain`: from the signer to the anchor. `verdict` and `best_time` of the signature.
  virtual Qualification of_signature(const std::vector<CertificatePtr>& chain, Indication verdict,
                                     Time best_time) const = 0;
  virtual Qualification of_time_stamp(const std::vector<CertificatePtr>& chain, Indication verdict,
                                      Time generated) const = 0;
};

// A sentence in English for each list that is not used.
std::vector<std::string> unused_lists(const TrustedLists& lists);

// Sets the qualification of every signature and time-stamp of a result.
void qualify(ValidationResult& result, const TrustedLists& lists);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_TRUSTED_LISTS_H_
