// What a report calls a signature: a seal, unless its certificate is a natural person's.
#ifndef SIGNET_VALIDATION_REPORT_SEAL_WORD_H_
#define SIGNET_VALIDATION_REPORT_SEAL_WORD_H_

#include "validation/result.h"

namespace signet::validation {

// By what is qualified, else by the certificate: QcType (EN 319 412-5, 4.2.3), else a name of a person in its subject
// (EN 319 412-2, 4.2.4). A seal also where nothing tells.
bool is_seal(const SignatureResult& signature);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_SEAL_WORD_H_
