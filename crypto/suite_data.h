// The shipped suites as they lie in crypto/suites/; the build makes the source file of them.
#ifndef SIGNET_CRYPTO_SUITE_DATA_H_
#define SIGNET_CRYPTO_SUITE_DATA_H_

#include <array>
#include <string_view>

#include "crypto/suite_names.h"

namespace signet::crypto {

struct SuiteData {
  std::string_view name;
  std::string_view json;
};

extern const std::array<SuiteData, kShippedSuites.size()> kSuiteData;  // in their order

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_SUITE_DATA_H_
