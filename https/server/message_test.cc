#include "https/server/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::https::server {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(Octets, HaveTheBodyAndItsLength) {
  const Octets octets = octets_of("GET", {.body = "{}", .headers = {{"X-One", "1"}}}, true);
  EXPECT_THAT(octets.text, HasSubstr("Content-Length: 2\r\n"));
  EXPECT_THAT(octets.text, HasSubstr("X-One: 1\r\n"));
  EXPECT_THAT(octets.text, EndsWith("\r\n\r\n{}"));
  EXPECT_EQ(octets.text.size(), octets.header_size + 2);
}

TEST(Octets, HaveNoBodyWhereHttpKnowsNone) {
  for (const unsigned status : {204U, 304U}) {
    EXPECT_THAT(octets_of("GET", {.status = status, .body = "{}"}, true).text,
                EndsWith("\r\n\r\n"));
  }
  EXPECT_THAT(octets_of("HEAD", {.body = "{}"}, true).text, EndsWith("\r\n\r\n"));
}

TEST(Octets, SayThatTheConnectionEnds) {
  EXPECT_THAT(octets_of("GET", {}, false).text, HasSubstr("Connection: close\r\n"));
}

TEST(Request, FindsHeadersInWhateverCase) {
  Request request;
  request.set_header("Content-Type", "text/plain");
  request.set_header("content-type", "application/json");
  EXPECT_EQ(request.header("CONTENT-TYPE"), "application/json");
  EXPECT_EQ(request.headers.size(), 1U);
  EXPECT_FALSE(request.has_header("Accept"));
  EXPECT_EQ(request.header("Accept"), "");
}

}  // namespace
}  // namespace signet::https::server
