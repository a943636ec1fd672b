// Reads failure_table.txt, which explains its form itself.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_FAILURE_TABLE_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_FAILURE_TABLE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsa-transport/testing/fake_appliance.h"
#include "pkcs11-module/edge/testing/call_table.h"

namespace signet::edge::testing {

struct NamedFailure {
  std::string_view name;
  transport::Failure failure;
};
std::span<const NamedFailure> all_failures();

// One function and one failure.
struct FailureCase {
  CallCase call;  // with the expected answer and the operations that are active afterwards
  transport::FakeAppliance::Call question;
  NamedFailure failure;
  std::string login;  // afterwards: "none", "user", "so"
};

// Every paragraph with every failure. Throws std::runtime_error with the line of what cannot be read.
std::vector<FailureCase> read_failure_table(const std::string& file);

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_FAILURE_TABLE_H_
