#include "config/url.h"

#include <gtest/gtest.h>

#include <string>

namespace signet::config {
namespace {

std::string url_fault(std::string_view text) {
  const auto url = parse_url(text);
  return url.has_error() ? url.error() : "none";
}

TEST(Url, HasHostPortAndPath) {
  const auto url = parse_url("https://dsa1.example:8081/dsa/v1");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url.value().host, "dsa1.example");
  EXPECT_EQ(url.value().port, 8081);
  EXPECT_EQ(url.value().path, "/dsa/v1");
}

TEST(Url, PortAndPathMayBeAbsent) {
  const auto url = parse_url("https://dsa1.example");
  ASSERT_TRUE(url.has_value());
  EXPECT_FALSE(url.value().port);
  EXPECT_EQ(url.value().path, "");
}

TEST(Url, LosesTrailingSlashesAndKeepsTheRest) {
  for (const char* text : {"https://h:1", "https://h:65535/a/b", "https://127.0.0.1:8081/dsa/v1",
                           "https://[::1]:8081/dsa/v1", "https://h/%C3%A9"}) {
    const auto url = parse_url(std::string(text) + "/");
    ASSERT_TRUE(url.has_value()) << text << " " << url.error();
    EXPECT_EQ(url.value().text(), text);
  }
}

TEST(Url, OfAProxyHasHostAndPort) {
  const auto fault = [](std::string_view text) {
    const auto checked = check_proxy(text);
    return checked ? "none" : checked.error();
  };
  for (const char* text :
       {"http://proxy.example:3128", "http://192.0.2.1:80", "http://[2001:db8::1]:8080"})
    EXPECT_EQ(fault(text), "none") << text;
  EXPECT_EQ(fault("https://proxy.example:3128"), "does not begin with http://");
  EXPECT_EQ(fault("proxy.example:3128"), "does not begin with http://");
  EXPECT_EQ(fault("http://proxy.example"), "has no port");
  EXPECT_EQ(fault("http://:3128"), "has no host");
  EXPECT_EQ(fault("http://proxy.example:3128/"), "has more than a host and a port");
  EXPECT_EQ(fault("http://user:word@proxy.example:3128"),
            "contains a user or a password, which a proxy is not told");
}

TEST(Url, RefusesOtherSchemes) {
  EXPECT_EQ(url_fault("http://h:1/p"), "does not begin with https://");
  EXPECT_EQ(url_fault(""), "does not begin with https://");
}

TEST(Url, RefusesWhatHasNoPlaceInIt) {
  EXPECT_NE(url_fault("https://user:word@h:1/p").find("user or a password"), std::string::npos);
  EXPECT_EQ(url_fault("https://user:word@h:1/p").find("word@"), std::string::npos);
  EXPECT_EQ(url_fault("https://h:1/p?q"), "has a query or a fragment");
  EXPECT_EQ(url_fault("https://h:1/p#f"), "has a query or a fragment");
  EXPECT_NE(url_fault("https://h:1/../p"), "none");
  EXPECT_NE(url_fault("https://h:1/a/."), "none");
  EXPECT_NE(url_fault("https://h:1/a b"), "none");
  EXPECT_NE(url_fault("https://h:1/a\n"), "none");
}

TEST(Url, RefusesBadHostsAndPorts) {
  EXPECT_EQ(url_fault("https:///p"), "has no host");
  EXPECT_EQ(url_fault("https://:1/p"), "has no host");
  EXPECT_EQ(url_fault("https://[::1/p"), "has an open bracket");
  for (const char* text : {"https://a..b:1/", "https://-a:1/", "https://a b:1/",
                           "https://[1.2.3.4]:1/", "https://[::g]:1/", "https://é:1/"}) {
    EXPECT_EQ(url_fault(text), "has a host that is neither a name nor an address") << text;
  }
  for (const char* text : {"https://h:/", "https://h:0/", "https://h:65536/", "https://h:1x/",
                           "https://h:-1/", "https://[::1]8081/"}) {
    EXPECT_EQ(url_fault(text), "has a port that is not a number from 1 to 65535") << text;
  }
}

}  // namespace
}  // namespace signet::config
