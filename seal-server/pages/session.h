// Who is signed in. A browser's cookie has 256 random bits; the database has their hash only, so that who reads it cannot
// come in.
#ifndef SIGNET_SEAL_SERVER_PAGES_SESSION_H_
#define SIGNET_SEAL_SERVER_PAGES_SESSION_H_

#include <chrono>
#include <optional>
#include <string>

#include "seal-server/clients/users.h"

namespace signet::sealserver {

inline constexpr std::chrono::minutes kSessionIdle{30};  // without a request
inline constexpr std::chrono::hours kSessionAge{12};
inline constexpr std::chrono::minutes kSessionStep{1};  // how exactly the last request is known
inline constexpr std::int64_t kMostSessions = 5;        // of one user; the oldest one ends

using WallTime = std::chrono::system_clock::time_point;

struct Session {
  std::string id;  // of the row
  User user;
  std::string used_at;
};

// Random, 64 hexadecimal digits.
std::string new_token();

// Starts a session; `token`, a new one, is for the cookie. `spki`: of the certificate that it hangs on; empty: none.
void start_session(Group& group, const std::string& token, const std::string& user,
                   const std::string& spki, WallTime now);

// That of a token. Nothing where it has ended, or hangs on another certificate than `spki` of this request.
std::optional<Session> find_session(storage::SqlConnection& sql, const std::string& token,
                                    const std::string& spki, WallTime now);

// Notes that it is used now.
void keep_session(Group& group, const Session& session, WallTime now);

void end_session(Group& group, const std::string& id);

// What a form carries so that only our own pages can send it: made of the token that the cookie has, which no other site
// sees.
std::string form_token(const std::string& token);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_SESSION_H_
