// Passwords at rest, and one-time passwords.
#ifndef SIGNET_SOFTHSM_BACKEND_PASSWORDS_H_
#define SIGNET_SOFTHSM_BACKEND_PASSWORDS_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/mutex.h"
#include "common/secret.h"

namespace signet::emulator {

// scrypt with a random salt: "scrypt$salt$hash", both in hexadecimal. Slow on purpose.
std::string hash_password(const Secret& password);
bool password_matches(const Secret& password, std::string_view hash);

// Of no known password. Checked where there is no account, so that the refusal takes as long as that of a wrong password.
inline constexpr std::string_view kHashOfNobody =
    "scrypt$00000000000000000000000000000000$"
    "0000000000000000000000000000000000000000000000000000000000000000";

inline constexpr std::size_t kMinPassword = 4;    // bytes of UTF-8
inline constexpr std::size_t kMaxPassword = 128;  // bytes of UTF-8

// What is wrong with a new password, by the appliance's policy.
enum class PasswordFault { length, is_user_name, control_character };
std::optional<PasswordFault> fault_of_password(std::string_view user, std::string_view password);

// Passwords that matched before, so that not every request costs a slow hash. Holds no password: a
// MAC under a key of this process. A changed hash forgets by itself. Thread-safe.
class VerifiedPasswords {
 public:
  VerifiedPasswords();

  // True: this password was found to match this very hash before.
  bool knows(const Secret& password, const std::string& hash) const;
  void remember(const Secret& password, const std::string& hash);

 private:
  using Mac = std::array<std::uint8_t, 32>;
  Mac mac_of(const Secret& password, const std::string& hash) const;

  Bytes key_;
  mutable Mutex mutex_;
  std::map<std::string, Mac> macs_ SIGNET_GUARDED_BY(mutex_);  // by hash
};

// RFC 6238: SHA-1, six digits, steps of 30 s.
std::string one_time_password(ByteView secret, std::int64_t step);
std::int64_t one_time_step(std::chrono::system_clock::time_point time);

// The step in which `password` is valid, of the one before, the one at and the one after `time`;
// nothing where it is not, or where the step is not after `last_used`.
std::optional<std::int64_t> matching_step(const Secret& password, ByteView secret,
                                          std::int64_t last_used,
                                          std::chrono::system_clock::time_point time);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_PASSWORDS_H_
