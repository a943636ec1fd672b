// What a field demands of the signature in it (/SV; ISO 32000-2, 12.7.5.5, table 237).
#ifndef SIGNET_PDF_SEED_VALUE_H_
#define SIGNET_PDF_SEED_VALUE_H_

#include <qpdf/QPDFObjectHandle.hh>
#include <string>

#include "pdf/error.h"

namespace signet::pdf {

// The signature that is to be put into it.
struct SeedAnswer {
  std::string sub_filter;   // "/ETSI.CAdES.detached"
  std::string digest;       // "SHA256"
  std::string reason;       // may be empty
  int certify = 0;          // DocMDP's permission; 0: it does not certify
  bool time_stamp = false;  // it will have one
};

// Forbidden where a demand is not met, unsupported where one that is binding is not known here. `field` is the field's
// dictionary; `name` goes into the sentence. It throws what qpdf throws.
PdfResult<void> check_seed_value(QPDFObjectHandle field, const std::string& name,
                                 const SeedAnswer& answer);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SEED_VALUE_H_
