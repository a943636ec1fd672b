// What a suite of algorithms says against a seal. For people; a seal is made all the same.
#ifndef SIGNET_SEALING_SUITABILITY_H_
#define SIGNET_SEALING_SUITABILITY_H_

#include <chrono>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "crypto/cms/signer_info.h"
#include "crypto/suite.h"

namespace signet::sealing {

// A sentence for each of key and hash, or for their combination, that the suite does not list, that has ended, that ends
// while the certificate (DER) is valid, or that is legacy and has an end. Each names suite, algorithm and day.
std::vector<std::string> suite_warnings(const crypto::Suite& suite, const cms::Algorithm& algorithm,
                                        ByteView certificate,
                                        std::chrono::system_clock::time_point now);

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_SUITABILITY_H_
