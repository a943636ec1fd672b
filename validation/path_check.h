// Checks one finished path of certificates as RFC 5280, 6.1, has it, but for moments, revocation and signatures, which are
// others' to look at: basicConstraints, path lengths, key usage, name constraints, policies, critical extensions.
#ifndef SIGNET_VALIDATION_PATH_CHECK_H_
#define SIGNET_VALIDATION_PATH_CHECK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "validation/certificate.h"
#include "validation/statement.h"

namespace signet::validation {

enum class Purpose : std::uint8_t;

// `path`: the certificate first, the trust anchor last, which itself is not asked for anything. Nothing: the path is good.
std::optional<Statement> problem_of_path(const std::vector<CertificatePtr>& path);

// What the first certificate of a path must be for. Nothing: it is.
std::optional<Statement> problem_of_purpose(const Certificate& certificate, Purpose purpose);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_PATH_CHECK_H_
