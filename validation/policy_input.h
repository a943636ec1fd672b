// What a validation is judged by, from the files and bytes that a caller has. Errors are sentences that name the file.
#ifndef SIGNET_VALIDATION_POLICY_INPUT_H_
#define SIGNET_VALIDATION_POLICY_INPUT_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "validation/certificate.h"
#include "validation/policy.h"
#include "validation/revocation_data.h"

namespace signet::validation {

template <typename T>
using PolicyInput = Result<T, std::string>;

inline constexpr std::size_t kLargestEvidence = std::size_t{64} * 1024 * 1024;  // bytes of a file

// One certificate in DER, any number in PEM, or those of a PKCS#7 or CMS message. At least one.
PolicyInput<std::vector<CertificatePtr>> certificates_in(ByteView content);

// Of such a file, of at most 4 MiB, or of a folder's files *.pem, *.crt, *.cer and *.der, by name; at most 4,096 files.
PolicyInput<std::vector<CertificatePtr>> certificates_from(const std::filesystem::path& name);

// A CRL or an OCSP answer: DER, or the first block of a PEM text.
PolicyInput<RevocationDataPtr> revocation_in(RevocationKind kind, ByteView content);
PolicyInput<RevocationDataPtr> revocation_from(RevocationKind kind,
                                               const std::filesystem::path& file);

// Sets both suites. `name`: as crypto::Suite::load() has it; empty: the suite of the seals that are out there. What only the other
// shipped suite lists makes a warning where the first one is that.
PolicyInput<void> choose_suites(const std::string& name, Policy& policy);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_POLICY_INPUT_H_
