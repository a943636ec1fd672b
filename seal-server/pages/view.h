// One page as an answer: a template filled with values, and the headers that every page has.
#ifndef SIGNET_SEAL_SERVER_PAGES_VIEW_H_
#define SIGNET_SEAL_SERVER_PAGES_VIEW_H_

#include <kainjow/mustache.hpp>
#include <optional>
#include <string>

#include "https/server/message.h"
#include "seal-server/pages/session.h"
#include "seal-server/pages/text.h"

namespace signet::sealserver {

using Values = kainjow::mustache::data;

inline Values value_list() {
  return {Values::type::list};
}

// What every page shows beside its content.
struct Frame {
  Language language = Language::english;
  std::optional<User> user;  // who is signed in
  std::string token;         // form_token()
  std::string here;          // path and query, to come back to
  std::string section;       // of the menu; empty: none
};

// `name`: of the template, without its ending. `title`: the name of a text. Each value that the template names must be there,
// since it would be looked for further out.
https::server::Response page_answer(unsigned status, const Frame& frame, const std::string& name,
                                    const std::string& title, const Values& values);

// 303 to a path of this server.
https::server::Response see_other(const std::string& path);

// With the headers that every answer to a browser has.
https::server::Response browser_answer(unsigned status, const std::string& type, std::string body);

// A file for the browser to keep.
https::server::Response download(const std::string& type, const std::string& name,
                                 std::string body);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_VIEW_H_
