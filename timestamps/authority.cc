#include "timestamps/authority.h"

#include "common/printable.h"

namespace signet::timestamps {

std::string name_of(const Authority& authority) {
  if (!authority.name.empty()) return printable(authority.name);
  std::string shown = authority.url.substr(0, authority.url.find_first_of("?#"));
  // A user and password, which should not be there, are not shown.
  const auto scheme = shown.find("://");
  const auto host = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = shown.substr(host, shown.find('/', host) - host).rfind('@');
  if (at != std::string::npos) shown.erase(host, at + 1);
  return printable(shown);
}

}  // namespace signet::timestamps
