// The C edge: every exported symbol of the library, made from functions.inc.

// pkcs11.h declares the functions; their symbols are the only ones that may be seen from outside.
#pragma GCC visibility push(default)
#include "cryptoki/pkcs11_3_2.h"
#pragma GCC visibility pop

#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/entry.h"

using signet::edge::Calls;
using signet::edge::conclude_absent;
using signet::edge::serve;
using signet::edge::serve_free;

extern "C" {

#define SIGNET_FUNCTION(version, name, parameters, arguments)                                     \
  CK_RV C_##name parameters {                                                                     \
    return serve("C_" #name,                                                                      \
                 [&](signet::token::Library& library) { return Calls(library).name arguments; }); \
  }
#define SIGNET_FREE_FUNCTION(version, name, parameters, arguments)                           \
  CK_RV C_##name parameters {                                                                \
    return serve_free("C_" #name, [&] { return signet::edge::free_calls::name arguments; }); \
  }
// The arguments of an absent function are never looked at.
#define SIGNET_UNUSED(...) signet_unused(__VA_ARGS__)
#define SIGNET_ABSENT_FUNCTION(version, name, parameters, arguments) \
  CK_RV C_##name parameters {                                        \
    SIGNET_UNUSED arguments;                                         \
    return conclude_absent("C_" #name);                              \
  }

}  // extern "C"

namespace {

template <typename... Arguments>
void signet_unused(const Arguments&...) {}

}  // namespace

extern "C" {
#include "pkcs11-module/edge/functions.inc"
}

#undef SIGNET_FUNCTION
#undef SIGNET_FREE_FUNCTION
#undef SIGNET_ABSENT_FUNCTION
#undef SIGNET_UNUSED
