// What goes wrong on every wire: HTTP statuses, lost and meaningless answers.
#ifndef SIGNET_TESTS_FAILURES_WIRE_FAILURES_H_
#define SIGNET_TESTS_FAILURES_WIRE_FAILURES_H_

#include <vector>

#include "tests/failures/cases.h"

namespace signet::tests {

std::vector<Failing> wire_failures();

// The same reply at every call.
Failing failing(std::string name, std::string words, https::TestReply reply);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_FAILURES_WIRE_FAILURES_H_
