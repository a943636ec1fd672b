#include "seal-server/pages/session.h"

#include <array>
#include <stdexcept>

#include "common/clock.h"
#include "crypto/context.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

std::string hash_of(const std::string& use, const std::string& token) {
  return to_hex(crypto::sha256(view_of(use + ":" + token)));
}

std::string session_id(const std::string& token) {
  return hash_of("session", token);
}

}  // namespace

std::string new_token() {
  std::array<std::uint8_t, 32> octets;
  if (!crypto::random_bytes(octets)) throw std::runtime_error("There is no randomness.");
  return to_hex(octets);
}

void start_session(Group& group, const std::string& token, const std::string& user,
                   const std::string& spki, WallTime now) {
  group.sql().run("DELETE FROM web_session WHERE used_at <= :used_at OR started_at <= :started_at",
                  {utc_text(now - kSessionIdle), utc_text(now - kSessionAge)});
  group.sql().run(
      "DELETE FROM web_session WHERE id IN (SELECT id FROM web_session WHERE user_name = :name"
      " ORDER BY started_at DESC, id LIMIT 1000 OFFSET :most)",
      {user, kMostSessions - 1});
  group.sql().run(
      "INSERT INTO web_session (id, user_name, spki, started_at, used_at)"
      " VALUES (:id, :name, :spki, :started_at, :used_at)",
      {session_id(token), user, spki, utc_text(now), utc_text(now)});
}

std::optional<Session> find_session(storage::SqlConnection& sql, const std::string& token,
                                    const std::string& spki, WallTime now) {
  const std::string id = session_id(token);
  const auto rows = sql.query(
      "SELECT user_name, spki, started_at, used_at FROM web_session WHERE id = :id", {id});
  if (rows.empty()) return std::nullopt;
  const auto& row = rows.front();
  const bool ended =
      row.text(2) <= utc_text(now - kSessionAge) || row.text(3) <= utc_text(now - kSessionIdle);
  if (ended || (!row.text(1).empty() && row.text(1) != spki)) return std::nullopt;
  auto user = find_user(sql, row.text(0));
  const bool by_certificate = !row.text(1).empty();
  if (!user || (by_certificate && user->is_expired(utc_text(now)))) return std::nullopt;
  return Session{.id = id, .user = *std::move(user), .used_at = row.text(3)};
}

void keep_session(Group& group, const Session& session, WallTime now) {
  group.sql().run("UPDATE web_session SET used_at = :used_at WHERE id = :id",
                  {utc_text(now), session.id});
}

void end_session(Group& group, const std::string& id) {
  group.sql().run("DELETE FROM web_session WHERE id = :id", {id});
}

std::string form_token(const std::string& token) {
  return hash_of("form", token);
}

}  // namespace signet::sealserver
