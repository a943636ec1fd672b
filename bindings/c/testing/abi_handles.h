// For tests of the C ABI: handles that free themselves.
#ifndef SIGNET_BINDINGS_C_TESTING_ABI_HANDLES_H_
#define SIGNET_BINDINGS_C_TESTING_ABI_HANDLES_H_

#include "bindings/c/signet-seal.h"

namespace signet::c {

template <typename Handle, void (*release)(Handle*)>
class Owned {
 public:
  Owned() = default;
  ~Owned() { release(handle_); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  operator Handle*() const { return handle_; }  // NOLINT(google-explicit-constructor)
  Handle** operator&() { return &handle_; }     // NOLINT(google-runtime-operator)

 private:
  Handle* handle_ = nullptr;
};

using Context = Owned<signet_seal_context, signet_seal_context_free>;
using Settings = Owned<signet_seal_key_settings, signet_seal_key_settings_free>;
using Key = Owned<signet_seal_key, signet_seal_key_free>;
using Options = Owned<signet_seal_options, signet_seal_options_free>;
using AbiControl = Owned<signet_seal_control, signet_seal_control_free>;
using AbiInput = Owned<signet_seal_input, signet_seal_input_free>;
using AbiOutput = Owned<signet_seal_output, signet_seal_output_free>;
using AbiResult = Owned<signet_seal_result, signet_seal_result_free>;
using AbiAuthority = Owned<signet_seal_authority, signet_seal_authority_free>;
using Stamper = Owned<signet_seal_time_stamper, signet_seal_time_stamper_free>;
using Signer = Owned<signet_seal_signer, signet_seal_signer_free>;
using AbiPrepared = Owned<signet_seal_prepared, signet_seal_prepared_free>;

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_TESTING_ABI_HANDLES_H_
