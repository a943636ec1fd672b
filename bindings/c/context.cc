#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "bindings/c/version.h"
#include "crypto/ck_result.h"
#include "integrity/self_check.h"

using signet::c::call;
using signet::c::CallResult;
using signet::c::free_handle;
using signet::c::need;
using signet::c::Refusal;

const char* signet_seal_version(void) {
  return SIGNET_SEAL_VERSION;
}

int signet_seal_context_new(signet_seal_context** context, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context}));
    auto crypto = signet::crypto::Context::create();
    if (!crypto) return Refusal(SIGNET_SEAL_FAILED, crypto.error().sentence);
    const auto checked = signet::integrity::check_self(crypto.value());
    if (!checked) return Refusal(SIGNET_SEAL_DAMAGED, checked.error().sentence);
    *context = new signet_seal_context{std::move(crypto).value()};
    return signet::success();
  });
}

void signet_seal_context_free(signet_seal_context* context) {
  free_handle(context);
}
