// The web pages of the seal server, without sockets: a browser's request in, a page out. Blocks; thread-safe.
//
// Every answer forbids scripts and styles but our own files. What changes something is a form with a token that only our own
// pages have.
#ifndef SIGNET_SEAL_SERVER_PAGES_PAGES_H_
#define SIGNET_SEAL_SERVER_PAGES_PAGES_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seal-server/clients/clients.h"
#include "seal-server/pages/sign_in.h"
#include "seal-server/pages/visit.h"
#include "seal-server/seals/seals.h"

namespace signet::sealserver {

// The cookies; a browser sends names that begin so over TLS only, and to the very host that set them.
inline constexpr std::string_view kSessionCookie = "__Host-signet-session";
inline constexpr std::string_view kVisitorCookie = "__Host-signet-visitor";
inline constexpr std::string_view kLanguageCookie = "__Host-signet-language";

class Pages {
 public:
  struct Options {
    std::string database;
    std::function<WallTime()> now = std::chrono::system_clock::now;
  };

  // Who may see a page.
  enum class Access { everyone, users, administrators };

  struct Route {
    std::string_view method;
    std::string_view path;  // a star stands for one part
    Access access;
    https::server::Response (Pages::*show)(const Visit&);
  };

  // The sequencer outlives it.
  Pages(Sequencer& sequencer, Options options);

  // Never throws.
  https::server::Response handle(const https::server::Request& request);

  static std::span<const Route> routes();

 private:
  using Answer = https::server::Response;

  Answer answer_to(Visit& visit);
  void recognise(Visit& visit);
  Answer dispatch(Visit& visit);
  Answer problem_page(const Visit& visit, unsigned status) const;

  Answer show_start(const Visit& visit);
  Answer show_sign_in(const Visit& visit);
  Answer sign_in_by_password(const Visit& visit);
  Answer sign_in_by_certificate(const Visit& visit);
  Answer sign_in_page(const Visit& visit, bool failed);
  Answer signed_in(const Visit& visit, const std::optional<std::string>& token);
  Answer sign_out(const Visit& visit);
  Answer set_language(const Visit& visit);

  Answer list_seals(const Visit& visit);
  Answer show_seal(const Visit& visit);
  Answer give_proof(const Visit& visit);
  Answer look_up(const Visit& visit);
  Answer export_csv(const Visit& visit);
  Answer export_json(const Visit& visit);

  Answer list_certificates(const Visit& visit);
  Answer list_clients(const Visit& visit);
  Answer show_client_page(const Visit& visit);
  Answer change_client_state(const Visit& visit);
  Answer change_client_limits(const Visit& visit);
  Answer revoke_client_key(const Visit& visit);

  struct Export {
    std::vector<Seal> seals;
    bool complete = true;
  };
  Export found_for_export(const Visit& visit);

  Values certificate_rows(storage::SqlConnection& sql, const Visit& visit,
                          const Client& client) const;

  // That of the path, where the user may see it; else Problem 404.
  Seal seal_of(storage::SqlConnection& sql, const Visit& visit) const;

  Sequencer& sequencer_;
  const Options options_;
  Readers readers_;
  SignIn sign_in_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_PAGES_H_
