#include "seal-server/server/idempotency.h"

#include <algorithm>

#include "crypto/openssl.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostKey = 128;  // octets of an Idempotency-Key

}  // namespace

Repeatable repeatable(const https::server::Request& request, const std::string& owner) {
  std::string key(request.header("Idempotency-Key"));
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7F'; });
  if (key.empty() || key.size() > kMostKey || !visible) {
    throw problems::malformed("The request needs an Idempotency-Key of 1 to " +
                              std::to_string(kMostKey) + " visible characters of ASCII.");
  }
  const std::string asked = request.method + " " + request.target + "\n" + request.body;
  return {owner, std::move(key), to_hex(crypto::sha256(view_of(asked)))};
}

std::optional<std::string> former_answer(Group& group, const Repeatable& repeatable) {
  const auto rows =
      group.sql().query("SELECT request, body FROM answer WHERE client = :client AND name = :name",
                        {repeatable.owner, repeatable.key});
  if (rows.empty()) return std::nullopt;
  if (rows.front().text(0) != repeatable.request)
    throw problems::bad_value("This Idempotency-Key was used with another request.");
  return rows.front().text(1);
}

void keep_answer(Group& group, const Repeatable& repeatable, const std::string& answer) {
  group.sql().run(
      "INSERT INTO answer (client, name, request, body, made_at)"
      " VALUES (:client, :name, :request, :body, :made_at)",
      {repeatable.owner, repeatable.key, repeatable.request, answer, group.time()});
}

}  // namespace signet::sealserver
