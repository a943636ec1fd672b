// What a browser sends: fields of a form, in the query or in the body (application/x-www-form-urlencoded), and cookies.
#ifndef SIGNET_SEAL_SERVER_PAGES_FORM_H_
#define SIGNET_SEAL_SERVER_PAGES_FORM_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signet::sealserver {

class Form {
 public:
  // Problem 400 where it is malformed, has a name twice, more than a few names, or a value that is not UTF-8 or has control
  // characters.
  explicit Form(std::string_view text);

  // Without the spaces around it; empty where there is none.
  std::string value(const std::string& name) const;

  // As it came: for passwords.
  std::string raw_value(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

// "a=1&b=2", for the query of a link. Empty values are left out.
std::string form_text(const std::vector<std::pair<std::string, std::string>>& values);

// Of a Cookie header (RFC 6265, 4.2); the first one of that name, empty where there is none.
std::string cookie_value(std::string_view header, std::string_view name);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_FORM_H_
