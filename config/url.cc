#include "config/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace signet::config {

namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kLongest = 1024;
constexpr std::size_t kLongestHost = 253;  // of a DNS name

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_name(std::string_view host) {
  const auto allowed = [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
  };
  return !host.empty() && host.size() <= kLongestHost && std::ranges::all_of(host, allowed) &&
         host.front() != '.' && host.front() != '-' && host.find("..") == std::string_view::npos;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_path(std::string_view path) {
  constexpr std::string_view others = "-._~!$&'()*+,;=:@%/";
  const auto allowed = [&](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(path, allowed);
}

bool has_dot_segment(std::string_view path) {
  const std::string closed = std::string(path) + "/";
  return closed.find("/./") != std::string::npos || closed.find("/../") != std::string::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// What stands between "https://" and the path.
Result<Url, std::string> parse_authority(std::string_view text) {
  using namespace std::string_literals;
  Url url;
  if (text.find('@') != std::string_view::npos) {
    return "contains a user or a password; use the keys \"user\" and \"credential\" instead"s;
  }
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && host_end == std::string_view::npos) return "has an open bracket"s;
  url.host = std::string(bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end));
  if (url.host.empty()) return "has no host"s;
  if (bracketed ? !is_ipv6(url.host) : !is_name(url.host)) {
    return "has a host that is neither a name nor an address"s;
  }
  text.remove_prefix(std::min(text.size(), bracketed ? host_end + 1 : url.host.size()));
  if (text.empty()) return url;
  url.port = text.front() == ':' ? parse_port(text.substr(1)) : std::nullopt;
  if (!url.port) return "has a port that is not a number from 1 to 65535"s;
  return url;
}

}  // namespace

std::string Url::text() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}{}{}{}", kScheme, ipv6 ? "[" : "", host, ipv6 ? "]" : "",
                     port ? fmt::format(":{}", *port) : "", path);
}

Result<Url, std::string> parse_url(std::string_view text) {
  using namespace std::string_literals;
  if (text.size() > kLongest) return fmt::format("is longer than {} characters", kLongest);
  if (!text.starts_with(kScheme)) return "does not begin with https://"s;
  text.remove_prefix(kScheme.size());
  if (text.find_first_of("?#") != std::string_view::npos) return "has a query or a fragment"s;
  const std::size_t slash = std::min(text.find('/'), text.size());
  BOOST_OUTCOME_TRY(Url url, parse_authority(text.substr(0, slash)));
  std::string_view path = text.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!is_path(path)) return "has a character in its path that must be written as %XX"s;
  if (has_dot_segment(path)) return "has a \".\" or \"..\" in its path"s;
  url.path = std::string(path);
  return url;
}

Result<void, std::string> check_proxy(std::string_view text) {
  using namespace std::string_literals;
  constexpr std::string_view scheme = "http://";
  if (text.size() > kLongest) return fmt::format("is longer than {} characters", kLongest);
  if (!text.starts_with(scheme)) return "does not begin with http://"s;
  text.remove_prefix(scheme.size());
  // Before what is told of a user: a proxy can have none.
  if (text.find('@') != std::string_view::npos)
    return "contains a user or a password, which a proxy is not told"s;
  if (text.find_first_of("/?#") != std::string_view::npos)
    return "has more than a host and a port"s;
  BOOST_OUTCOME_TRY(const Url url, parse_authority(text));
  if (!url.port) return "has no port"s;
  return success();
}

}  // namespace signet::config
