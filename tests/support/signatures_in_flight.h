// One thread with many signatures under way, through asynchronous sessions (PKCS#11 3.2).
#ifndef SIGNET_TESTS_SUPPORT_SIGNATURES_IN_FLIGHT_H_
#define SIGNET_TESTS_SUPPORT_SIGNATURES_IN_FLIGHT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "common/bytes.h"
#include "cryptoki/pkcs11_3_2.h"
#include "tests/support/loaded_module.h"

namespace signet::tests {

class SignaturesInFlight {
 public:
  // `sessions` of them in the slot, each with one signature under way at most; the user is logged in already, and the module
  // outlives it. Throws CryptokiError where anything fails.
  SignaturesInFlight(const LoadedModule& module, CK_SLOT_ID slot, std::size_t sessions);
  SignaturesInFlight(const SignaturesInFlight&) = delete;
  SignaturesInFlight& operator=(const SignaturesInFlight&) = delete;
  ~SignaturesInFlight();

  using DigestOf = std::function<Bytes(std::size_t number)>;
  using Done = std::function<void(std::size_t number, const Bytes& signature)>;

  // CKM_ECDSA signatures of the digests 0 to count - 1, as many at once as there are sessions; in whatever order they end.
  void sign(CK_OBJECT_HANDLE key, std::size_t count, const DigestOf& digest_of, const Done& done);

  // How long each C_AsyncComplete took that answered CKR_PENDING: the latest ones, in nanoseconds.
  const std::vector<std::uint32_t>& pending_polls() const { return pending_polls_; }
  std::size_t most_under_way() const { return most_under_way_; }

 private:
  struct Place {
    CK_SESSION_HANDLE session = 0;
    bool under_way = false;
    std::size_t number = 0;
    Bytes digest = {};
    Bytes signature = {};
  };

  void start(Place& place, CK_OBJECT_HANDLE key, Bytes digest, std::size_t number);
  bool poll(Place& place);  // whether it has ended

  const LoadedModule& module_;
  const CK_C_AsyncComplete complete_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> pending_polls_;
  std::size_t most_under_way_ = 0;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_SIGNATURES_IN_FLIGHT_H_
