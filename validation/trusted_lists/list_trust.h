// Which of the lists in a folder can be used: each is authenticated at the present moment (TS 119 615 V1.4.1, 4.1 and 4.2).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_LIST_TRUST_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_LIST_TRUST_H_

#include <optional>
#include <string>
#include <vector>

#include "validation/certificate.h"
#include "validation/indication.h"
#include "validation/trusted_lists/list.h"
#include "validation/trusted_lists/list_signature.h"

namespace signet::validation {

// A file that is a list, or may be one.
struct LoadedList {
  std::string file;                  // printable
  std::string digest;                // SHA-256, hexadecimal
  std::optional<Time> written;       // when the file was
  std::optional<TrustedList> list;   // nothing: it cannot be read, `conclusion` says why
  std::optional<ListSigner> signer;  // whose signature it bears; nothing: of nobody
  Conclusion conclusion;             // passed: what is in it counts
  // A list of lists that only tells who signed the next ones (a pivot), or was replaced: passed, and nothing else in it counts.
  bool only_announces = false;
};

// `content`: of a file; nothing where that is no trusted list. The signature is checked, nothing else.
std::optional<LoadedList> load_list(std::string file, ByteView content);

// Sets the conclusions. Lists of lists go from the lowest sequence number to the highest: the first ones must be signed by a
// certificate of `journal`, each later one by one that the authenticated one before it announces for lists of lists. The last one that
// is authenticated and not out of date announces the signers of national lists, by territory, type and media type. Of several lists of a
// territory the one with the highest sequence number counts.
void authenticate(std::vector<LoadedList>& lists, const std::vector<CertificatePtr>& journal,
                  Time now);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_LIST_TRUST_H_
