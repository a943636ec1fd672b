// Takes orders to the certification authorities and brings back what they say. A failed request is repeated each day; only
// an authority's refusal ends an order without a certificate.
#ifndef SIGNET_SEAL_SERVER_CERTIFICATES_CLERK_H_
#define SIGNET_SEAL_SERVER_CERTIFICATES_CLERK_H_

#include <chrono>
#include <memory>
#include <string_view>
#include <thread>

#include "common/mutex.h"
#include "seal-server/certificates/authority.h"
#include "seal-server/certificates/orders.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

inline constexpr std::chrono::hours kAfterFailure{24};
inline constexpr std::chrono::minutes kWhileUndecided{10};

// Several processes may have one each for the same database: an order is with one of them at a time.
class Clerk {
 public:
  struct Authorities {
    std::unique_ptr<Authority> authentication;  // null: such orders wait
    std::unique_ptr<Authority> sealing;         // likewise
  };

  // The sequencer outlives it.
  Clerk(Sequencer& sequencer, Authorities authorities);

  // What is due now, in this thread; gives the number of orders that were taken to their authority.
  std::size_t work();

 private:
  std::size_t work(std::string_view purpose, Authority* authority);
  void take(const CertificateOrder& order, Authority& authority);

  Sequencer& sequencer_;
  const Authorities authorities_;
};

// Its own thread, which works each minute and when it is woken.
class ClerkThread {
 public:
  explicit ClerkThread(Clerk& clerk);
  ClerkThread(const ClerkThread&) = delete;
  ClerkThread& operator=(const ClerkThread&) = delete;

  // Waits for an authority that is being asked.
  ~ClerkThread();

  void wake();

 private:
  void run();

  Clerk& clerk_;
  Mutex mutex_;
  Condition changed_;
  bool woken_ SIGNET_GUARDED_BY(mutex_) = true;
  bool ending_ SIGNET_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CERTIFICATES_CLERK_H_
