// Measures a PKCS#11 module as a program meets it: dlopen, C_Initialize, login, find, sign.
#ifndef SIGNET_BENCH_MODULE_BENCH_H_
#define SIGNET_BENCH_MODULE_BENCH_H_

#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "bench/work.h"

namespace signet::bench {

struct ModuleOptions {
  std::string token = "seal";  // label
  std::string key;             // label; its public key may have any label
  std::string pin;
  bool rsa = false;          // CKM_SHA256_RSA_PKCS, else SHA-256 and CKM_ECDSA
  std::string counters_url;  // of the appliance, to count what finds ask for; empty: not counted
};

// The module $SIGNET_MODULE, loaded, initialised and logged in. Throws where something fails.
class SigningModule {
 public:
  explicit SigningModule(const ModuleOptions& options);
  SigningModule(const SigningModule&) = delete;
  SigningModule& operator=(const SigningModule&) = delete;
  ~SigningModule();

  // With a session of its own; ends before the module.
  Signer signer() const;

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

// The module is $SIGNET_MODULE. Throws where something fails.
boost::json::object measure_module(const ModuleOptions& options, const Work& work);

}  // namespace signet::bench

#endif  // SIGNET_BENCH_MODULE_BENCH_H_
