// Signing in: by password and one-time code, or by the certificate of the connection. After kMostFailures wrong attempts a
// user is locked for a while; whoever tries is not told which part was wrong, nor whether there is such a user.
#ifndef SIGNET_SEAL_SERVER_PAGES_SIGN_IN_H_
#define SIGNET_SEAL_SERVER_PAGES_SIGN_IN_H_

#include <optional>
#include <semaphore>
#include <string>

#include "common/secret.h"
#include "seal-server/pages/session.h"
#include "seal-server/store/readers.h"

namespace signet::sealserver {

inline constexpr std::int64_t kMostFailures = 5;
inline constexpr std::chrono::minutes kLockTime{15};

// Thread-safe; blocks.
class SignIn {
 public:
  // Both outlive it.
  SignIn(Sequencer& sequencer, Readers& readers) : sequencer_(sequencer), readers_(readers) {}

  // The token of a new session; nothing where anything is wrong.
  std::optional<std::string> by_password(const std::string& name, const Secret& password,
                                         const std::string& code, WallTime now);

  // `certificate`: DER, whose key the connection has proved.
  std::optional<std::string> by_certificate(ByteView certificate, WallTime now);

 private:
  Sequencer& sequencer_;
  Readers& readers_;
  // Hashes of passwords take memory: not more than a few at a time, whoever asks.
  std::counting_semaphore<> hashing_{2};
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_SIGN_IN_H_
