#include "https/client/reception.h"

#include <gtest/gtest.h>

namespace signet::https {
namespace {

using namespace std::chrono_literals;

TEST(Reception, ReadsTheHeadersItKnows) {
  Reception reception;
  EXPECT_FALSE(reception.began());
  reception.header("HTTP/1.1 200 OK\r\n");
  reception.header("content-TYPE:  Application/JSON ; charset=utf-8\r\n");
  reception.header("ETag: \"1\"\r\n");
  reception.header("X-Request-Id: r-1\r\n");
  reception.header("Retry-After: 3\r\n");
  reception.header("Date: Thu, 01 Jan 2026 12:00:00 GMT\r\n");
  reception.header("no colon\r\n");
  EXPECT_TRUE(reception.began());
  EXPECT_EQ(reception.response().media_type, "application/json");
  EXPECT_EQ(reception.response().etag, "\"1\"");
  EXPECT_EQ(reception.response().request_id, "r-1");
  EXPECT_EQ(reception.response().retry_after, 3s);
  EXPECT_EQ(reception.response().date, std::chrono::system_clock::from_time_t(1767268800));
}

TEST(Reception, MeasuresARetryDateByTheServersOwnClock) {
  for (const bool date_first : {true, false}) {
    Reception reception;
    reception.header("HTTP/1.1 503 Service Unavailable\r\n");
    if (date_first) reception.header("Date: Fri, 01 Jan 2100 12:00:00 GMT\r\n");
    reception.header("Retry-After: Fri, 01 Jan 2100 12:00:07 GMT\r\n");
    if (!date_first) reception.header("Date: Fri, 01 Jan 2100 12:00:00 GMT\r\n");
    EXPECT_EQ(reception.response().retry_after, 7s);
  }
}

TEST(Reception, StopsAtHeadersOf128KibibytesInAllAnswersTogether) {
  Reception reception;
  const std::string line = "X: " + std::string(1019, 'x') + "\r\n";
  for (int i = 0; i < 124; ++i) {
    ASSERT_TRUE(reception.header("HTTP/1.1 100 Continue\r\n"));
    ASSERT_TRUE(reception.header(line));
  }
  EXPECT_FALSE(reception.oversized());
  ASSERT_FALSE(reception.header(line) && reception.header(line));
  EXPECT_TRUE(reception.oversized());
}

TEST(Reception, ForgetsAnInterimAnswer) {
  Reception reception;
  reception.header("HTTP/1.1 100 Continue\r\n");
  reception.header("ETag: \"interim\"\r\n");
  reception.header("HTTP/1.1 200 OK\r\n");
  EXPECT_EQ(reception.response().etag, "");
}

TEST(Reception, DropsValuesThatCouldForgeALogLine) {
  Reception reception;
  reception.header("X-Request-Id: a\x1b[31m\r\n");
  EXPECT_EQ(reception.response().request_id, "");
  reception.header("ETag: " + std::string(2000, 'x') + "\r\n");
  EXPECT_EQ(reception.response().etag, "");
}

TEST(Reception, StopsAtEightMebibytes) {
  Reception reception;
  EXPECT_TRUE(reception.body(std::string(kLargestBody, 'x')));
  EXPECT_FALSE(reception.body("x"));
  EXPECT_TRUE(reception.oversized());
}

TEST(RetryAfter, IsSecondsOrADateOrNothing) {
  EXPECT_EQ(parse_retry_after("0"), 0s);
  EXPECT_EQ(parse_retry_after("120"), 120s);
  EXPECT_EQ(parse_retry_after("999999999"), 86400s);
  EXPECT_EQ(parse_retry_after("Fri, 31 Dec 1999 23:59:59 GMT"), 0s);
  EXPECT_FALSE(parse_retry_after("-5"));
  EXPECT_FALSE(parse_retry_after("soon"));
  EXPECT_FALSE(parse_retry_after(""));
}

}  // namespace
}  // namespace signet::https
