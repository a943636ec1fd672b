// Passwords of the web pages at rest.
#ifndef SIGNET_SEAL_SERVER_PAGES_PASSWORD_H_
#define SIGNET_SEAL_SERVER_PAGES_PASSWORD_H_

#include <string>
#include <string_view>

#include "common/secret.h"

namespace signet::sealserver {

inline constexpr std::size_t kShortestPassword = 12;  // octets
inline constexpr std::size_t kLongestPassword = 1024;

// "scrypt$LN$R$P$SALT$HASH" (RFC 7914), salt and hash in hexadecimal: its costs stay with each, so that they may grow. Takes
// 32 MiB and about a quarter of a second. Throws std::runtime_error.
std::string password_hash(const Secret& password);

// False for any text that is no hash, after the same time.
bool is_password(const Secret& password, std::string_view hash);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_PASSWORD_H_
