// For tests: PDFs with real signatures and document time-stamps of certificates of any dates, and DSS dictionaries.
#ifndef SIGNET_VALIDATION_TESTING_SEALED_PDF_H_
#define SIGNET_VALIDATION_TESTING_SEALED_PDF_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/signature.h"
#include "validation/testing/test_messages.h"

namespace signet::validation::pki {

pdf::SignatureWish plain_pdf_wish(pdf::SignatureKind kind = pdf::SignatureKind::signature);
// What is put into the /Contents in place of the message that was made over these bytes.
using Finish = std::function<Bytes(Bytes message, const Bytes& covered)>;

// The document with one more signature; `message` and `token` are over what the byte range covers.
std::string sealed_pdf(const std::string& bytes, const Party& signer, MessageWish message = {},
                       const pdf::SignatureWish& wish = plain_pdf_wish(),
                       std::string_view password = {}, const Finish& finish = {});
std::string stamped_pdf(const std::string& bytes, const Party& authority, TokenWish token = {},
                        std::string_view password = {});

struct DssWish {
  std::vector<Bytes> certificates, crls, ocsps;
  std::map<std::string, std::string> vri;  // keys and dictionaries as they stand
  std::string more;                        // more entries, as they stand
};
// An update with a DSS; the objects' numbers are `first` and on.
std::string with_dss(const std::string& bytes, const DssWish& wish, int first);

}  // namespace signet::validation::pki

#endif  // SIGNET_VALIDATION_TESTING_SEALED_PDF_H_
