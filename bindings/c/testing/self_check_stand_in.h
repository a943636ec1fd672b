// For tests of the C ABI: the stand-in for the library's look at its own code, which a test program is not.
#ifndef SIGNET_BINDINGS_C_TESTING_SELF_CHECK_STAND_IN_H_
#define SIGNET_BINDINGS_C_TESTING_SELF_CHECK_STAND_IN_H_

namespace signet::c {

// While it is true, check_self() finds changed code.
extern bool code_is_damaged;

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_TESTING_SELF_CHECK_STAND_IN_H_
