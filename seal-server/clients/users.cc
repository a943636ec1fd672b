#include "seal-server/clients/users.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "common/clock.h"
#include "common/json_text.h"
#include "crypto/certificate.h"
#include "seal-server/clients/clients.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kLongestName = 64;
constexpr const char* kUserColumns =
    "SELECT name, role, client, spki, password, code_key, code_step, failures, locked_until,"
    " not_after FROM web_user";
constexpr std::array<const char*, 3> kRoleNames{"person", "auditor", "administrator"};

User user_in(const storage::SqlRow& row) {
  const auto role = role_of(row.text(1));
  if (!role) throw std::runtime_error("The user " + row.text(0) + " has an unknown role.");
  return {.name = row.text(0),
          .role = *role,
          .client = row.text(2),
          .spki = row.text(3),
          .password = row.text(4),
          .code_key = row.text(5),
          .code_step = row.number(6),
          .failures = row.number(7),
          .locked_until = row.text(8),
          .not_after = row.text(9)};
}

bool is_user_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@' ||
           c == '-';
  });
}

User user_or_problem(Group& group, const std::string& name) {
  auto user = find_user(group.sql(), name);
  if (!user) throw problems::no_such("There is no user " + name + ".");
  return *std::move(user);
}

void note_user(Group& group, const char* kind, const User& user, const std::string& spki = {}) {
  boost::json::object content{{"user", user.name}, {"role", role_name(user.role)}};
  if (!spki.empty()) content["key"] = spki;
  if (!user.client.empty()) content["client"] = user.client;
  group.add({.kind = kind, .client = user.client, .seal = {}, .content = json_text(content)});
}

void end_sessions_of(Group& group, const std::string& name) {
  group.sql().run("DELETE FROM web_session WHERE user_name = :name", {name});
}

}  // namespace

const char* role_name(Role role) {
  return kRoleNames.at(static_cast<std::size_t>(role));
}

std::optional<Role> role_of(std::string_view name) {
  const auto* found = std::ranges::find(kRoleNames, name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

void add_user(Group& group, const User& user) {
  if (!is_user_name(user.name)) {
    throw problems::bad_value(
        "A user's name has 1 to 64 lower-case letters, digits, and any of . _ @ -");
  }
  if (find_user(group.sql(), user.name))
    throw problems::conflict("There is a user " + user.name + " already.");
  if ((user.role == Role::person) == user.client.empty())
    throw problems::bad_value("A person belongs to a client; nobody else does.");
  if (!user.client.empty() && !find_client(group.sql(), user.client))
    throw problems::no_such("There is no client " + user.client + ".");
  group.sql().run(
      "INSERT INTO web_user (name, role, client, spki, password, code_key, code_step, failures,"
      " locked_until) VALUES (:name, :role, :client, '', '', '', 0, 0, '')",
      {user.name, std::string(role_name(user.role)), user.client});
  note_user(group, "user-added", user);
}

void set_user_password(Group& group, const std::string& name, const std::string& hash,
                       ByteView code_key) {
  const User user = user_or_problem(group, name);
  group.sql().run(
      "UPDATE web_user SET password = :password, code_key = :code_key, code_step = 0, failures = 0,"
      " locked_until = '' WHERE name = :name",
      {hash, to_hex(code_key), name});
  end_sessions_of(group, name);
  note_user(group, "user-password", user);
}

void set_user_certificate(Group& group, const std::string& name, ByteView certificate) {
  const User user = user_or_problem(group, name);
  const std::string spki = spki_of_certificate(certificate);
  const X509Ptr parsed = crypto::certificate_of(certificate);
  const auto not_after = parsed ? crypto::time_of(X509_get0_notAfter(parsed.get())) : std::nullopt;
  if (!not_after) throw problems::bad_value("This is no certificate.");
  const auto owner = user_of_key(group.sql(), spki);
  if (owner && owner->name != name)
    throw problems::conflict("This key is that of the user " + owner->name + ".");
  if (find_key(group.sql(), spki))
    throw problems::conflict("This key is registered as that of a client.");
  group.sql().run(
      "UPDATE web_user SET spki = :spki, not_after = :not_after, failures = 0, locked_until = ''"
      " WHERE name = :name",
      {spki, utc_text(*not_after), name});
  end_sessions_of(group, name);
  note_user(group, "user-certificate", user, spki);
}

void remove_user(Group& group, const std::string& name) {
  const User user = user_or_problem(group, name);
  end_sessions_of(group, name);
  group.sql().run("DELETE FROM web_user WHERE name = :name", {name});
  note_user(group, "user-removed", user);
}

std::optional<User> find_user(storage::SqlConnection& sql, const std::string& name) {
  const auto rows = sql.query(std::string(kUserColumns) + " WHERE name = :name", {name});
  if (rows.empty()) return std::nullopt;
  return user_in(rows.front());
}

std::optional<User> user_of_key(storage::SqlConnection& sql, const std::string& spki) {
  if (spki.empty()) return std::nullopt;
  const auto rows = sql.query(std::string(kUserColumns) + " WHERE spki = :spki", {spki});
  if (rows.empty()) return std::nullopt;
  return user_in(rows.front());
}

std::vector<User> all_users(storage::SqlConnection& sql) {
  std::vector<User> users;
  for (const auto& row : sql.query(std::string(kUserColumns) + " ORDER BY name"))
    users.push_back(user_in(row));
  return users;
}

}  // namespace signet::sealserver
