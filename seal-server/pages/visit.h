// One request of a browser, as far as every page needs it.
#ifndef SIGNET_SEAL_SERVER_PAGES_VISIT_H_
#define SIGNET_SEAL_SERVER_PAGES_VISIT_H_

#include <optional>
#include <string>

#include "https/server/message.h"
#include "seal-server/pages/form.h"
#include "seal-server/pages/view.h"

namespace signet::sealserver {

struct Visit {
  const https::server::Request& request;
  std::string path;
  Form form;  // of the body, or of the query
  WallTime now;
  std::string cookie;  // the token of the session, or of a visitor who has none yet; empty: neither
  std::optional<Session> session;
  Frame frame;

  // What the page is of: the part of the path that the route leaves open.
  std::string item = {};

  const User& user() const { return session->user; }  // on pages that are not for everyone
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_VISIT_H_
