#include "seal-server/pages/sign_in.h"

#include "common/clock.h"
#include "common/log.h"
#include "crypto/certificate.h"
#include "seal-server/clients/clients.h"
#include "seal-server/pages/one_time_code.h"
#include "seal-server/pages/password.h"

namespace signet::sealserver {

namespace {

void count_failure(Group& group, const User& user, WallTime now) {
  const bool locks = user.failures + 1 >= kMostFailures;
  group.sql().run(
      "UPDATE web_user SET failures = :failures, locked_until = :locked_until WHERE name = :name",
      {locks ? std::int64_t{0} : user.failures + 1,
       locks ? utc_text(now + kLockTime) : user.locked_until, user.name});
  log::warn("web pages: a wrong attempt to sign in as {}{}", user.name,
            locks ? "; the user is locked" : "");
}

bool is_locked(const User& user, WallTime now) {
  return user.locked_until > utc_text(now);
}

}  // namespace

std::optional<std::string> SignIn::by_password(const std::string& name, const Secret& password,
                                               const std::string& code, WallTime now) {
  const auto known =
      readers_.read([&](storage::SqlConnection& sql) { return find_user(sql, name); });
  hashing_.acquire();
  bool right = false;
  try {
    right = is_password(password, known ? known->password : std::string());
  } catch (...) {
    hashing_.release();
    throw;
  }
  hashing_.release();
  if (!known) return std::nullopt;
  const std::string token = new_token();
  const bool signed_in = sequencer_.write([&](Group& group) {
    // As it is now: others may have tried, and the password may have been changed.
    const auto user = find_user(group.sql(), name);
    if (!user || is_locked(*user, now)) return false;
    const auto key = from_hex(user->code_key);
    const auto step =
        key ? step_of_code(*key, code, code_step(now), user->code_step) : std::nullopt;
    if (!right || user->password != known->password || !step) {
      count_failure(group, *user, now);
      return false;
    }
    group.sql().run("UPDATE web_user SET code_step = :step, failures = 0 WHERE name = :name",
                    {*step, name});
    start_session(group, token, name, {}, now);
    return true;
  });
  if (!signed_in) return std::nullopt;
  log::info("web pages: {} signed in by password", name);
  return token;
}

std::optional<std::string> SignIn::by_certificate(ByteView certificate, WallTime now) {
  const X509Ptr parsed = crypto::certificate_of(certificate);
  const auto from = parsed ? crypto::time_of(X509_get0_notBefore(parsed.get())) : std::nullopt;
  const auto until = parsed ? crypto::time_of(X509_get0_notAfter(parsed.get())) : std::nullopt;
  if (!from || !until || now < *from || now >= *until) return std::nullopt;
  const std::string spki = spki_of_certificate(certificate);
  const std::string token = new_token();
  const std::string name = sequencer_.write([&](Group& group) {
    const auto user = user_of_key(group.sql(), spki);
    if (!user || user->is_expired(utc_text(now))) return std::string();
    start_session(group, token, user->name, spki, now);
    return user->name;
  });
  if (name.empty()) return std::nullopt;
  log::info("web pages: {} signed in by certificate", name);
  return token;
}

}  // namespace signet::sealserver
