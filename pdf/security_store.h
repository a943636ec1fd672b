// A document's security store (DSS; ISO 32000-2, 12.8.4.3; EN 319 142-1, 5.4.2): certificates and revocation data for whoever
// validates its signatures later.
#ifndef SIGNET_PDF_SECURITY_STORE_H_
#define SIGNET_PDF_SECURITY_STORE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "pdf/document.h"
#include "pdf/error.h"
#include "pdf/update.h"

namespace signet::pdf {

// Values that belong together; DER each.
struct ValidationData {
  std::vector<Bytes> certificates;
  std::vector<Bytes> crls;
  std::vector<Bytes> ocsp_answers;  // OCSPResponse

  bool empty() const { return certificates.empty() && crls.empty() && ocsp_answers.empty(); }
};

struct SecurityStore {
  ValidationData data;

  // Of one signature (VRI); what is in here is in `data` too.
  struct OfSignature {
    std::string key;  // as vri_key() makes it
    ValidationData data;
  };
  std::vector<OfSignature> of_signatures;
};

// The name of a signature's entry in VRI: the SHA-1 of its /Contents, the zeros behind its message included, in upper-case
// hexadecimal (ISO 32000-2, table 261).
std::string vri_key(ByteView contents);

// Bounds of what is read: 10,000 streams in each list, 64 MiB of one, 256 MiB in all. What is no stream, or has another filter than
// Flate alone, is left out. Empty where there is no store.
PdfResult<SecurityStore> read_security_store(Document& document);

// Adds to the store what it does not have yet, compressed where that makes it smaller. The document's own streams, also those of an
// earlier store, stay where they are. False where nothing is new: then nothing was changed.
PdfResult<bool> add_to_security_store(Document& document, const SecurityStore& more,
                                      Update& update);

// An update with that alone. Settings where nothing would be new.
PdfResult<Tail> plan_security_store(Document& document, const SecurityStore& more);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SECURITY_STORE_H_
