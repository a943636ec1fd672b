// An appliance whose keys are made, named and deleted by its operator alone: the calls that its dialect has no words for.
#ifndef SIGNET_DSA_TRANSPORT_SIGNING_ONLY_H_
#define SIGNET_DSA_TRANSPORT_SIGNING_ONLY_H_

#include <utility>

#include "dsa-transport/appliance.h"

namespace signet::transport {

// Each of them is not_supported, without a request.
class SigningOnlyAppliance : public Appliance {
 public:
  Task<Answer<Traced<KeyInfo>>> start_generate_key(const Credential& /*who*/,
                                                   const KeySpec& /*spec*/,
                                                   Deadline /*deadline*/) override {
    co_return refusal();
  }
  Task<Answer<Traced<KeyInfo>>> start_update_key(const Credential& /*who*/, std::string /*id*/,
                                                 std::optional<Bytes> /*label*/,
                                                 std::optional<Bytes> /*cka_id*/,
                                                 Deadline /*deadline*/) override {
    co_return refusal();
  }
  Task<Answer<Trace>> start_delete_key(const Credential& /*who*/, std::string /*id*/,
                                       Deadline /*deadline*/) override {
    co_return refusal();
  }
  Task<Answer<Traced<CertificateInfo>>> start_import_certificate(const Credential& /*who*/,
                                                                 ByteView /*der*/, Bytes /*label*/,
                                                                 Bytes /*cka_id*/,
                                                                 Deadline /*deadline*/) override {
    co_return refusal();
  }
  Task<Answer<Traced<CertificateInfo>>> start_update_certificate(const Credential& /*who*/,
                                                                 std::string /*id*/,
                                                                 std::optional<Bytes> /*label*/,
                                                                 std::optional<Bytes> /*cka_id*/,
                                                                 Deadline /*deadline*/) override {
    co_return refusal();
  }
  Task<Answer<Trace>> start_delete_certificate(const Credential& /*who*/, std::string /*id*/,
                                               Deadline /*deadline*/) override {
    co_return refusal();
  }

 protected:
  static ApplianceError refusal() {
    return {
        Failure::not_supported,
        "this service makes, names and deletes no keys or certificates for its clients; ask its "
        "operator",
        {}};
  }
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_SIGNING_ONLY_H_
