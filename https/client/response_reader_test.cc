#include "https/client/response_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace signet::https {
namespace {

enum class End { stays_open, closed };

struct Outcome {
  bool whole = false;
  int status = 0;
  std::string body;
  std::string etag;
  bool keeps = false;
};

// Taken in pieces of this size.
Outcome read(const std::string& text, std::size_t size, End end) {
  Reception reception(1000);
  ResponseReader reader(reception);
  bool good = true;
  for (std::size_t at = 0; good && at < text.size(); at += size)
    good = reader.take(std::string_view(text).substr(at, size));
  if (good && end == End::closed) good = reader.take_end();
  if (!good || !reader.done()) return {};
  return {true, reader.status(), std::string(reception.response().body), reception.response().etag,
          reader.keeps_connection()};
}

const std::vector<std::size_t> kSizes = {1, 2, 3, 7, 1000};

void expect(const std::string& text, const Outcome& expected, End end = End::stays_open) {
  for (const std::size_t size : kSizes) {
    const Outcome found = read(text, size, end);
    EXPECT_TRUE(found.whole) << text;
    EXPECT_EQ(found.status, expected.status) << text;
    EXPECT_EQ(found.body, expected.body) << text;
    EXPECT_EQ(found.etag, expected.etag) << text;
    EXPECT_EQ(found.keeps, expected.keeps) << text << size;
  }
}

void refuse(const std::string& text, End end = End::stays_open) {
  for (const std::size_t size : kSizes) EXPECT_FALSE(read(text, size, end).whole) << text;
}

TEST(ResponseReader, ReadsABodyOfAKnownSize) {
  expect("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nhello",
         {true, 200, "hello", "\"1\"", true});
  expect("HTTP/1.1 404 \r\ncontent-length:0\r\n\r\n", {true, 404, "", "", true});
  expect("HTTP/1.1 200\nContent-Length: 2\nContent-Length: 2\n\nok", {true, 200, "ok", "", true});
}

TEST(ResponseReader, ReadsChunksWithExtensionsAndTrailers) {
  expect(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
      "Chunked\r\n\r\n5\r\nhello\r\n00A;x=\"y\"\r\n0123456789\r\n"
      "0\r\nETag: \"2\"\r\n\r\n",
      {true, 200, "hello0123456789", "", true});
}

TEST(ResponseReader, ReadsToTheEndOfTheConnectionWhereNothingElseEndsTheBody) {
  expect("HTTP/1.1 200 OK\r\n\r\nhello", {true, 200, "hello", "", false}, End::closed);
  refuse("HTTP/1.1 200 OK\r\n\r\nhello");
}

TEST(ResponseReader, KnowsResponsesWithoutABody) {
  expect("HTTP/1.1 204 No Content\r\n\r\n", {true, 204, "", "", true});
  expect("HTTP/1.1 304 Not Modified\r\nETag: \"3\"\r\nContent-Length: 7\r\n\r\n",
         {true, 304, "", "\"3\"", true});
}

TEST(ResponseReader, PassesOverInterimResponses) {
  expect(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
      {true, 200, "x", "", true});
  refuse("HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseReader, KnowsWhetherTheConnectionStays) {
  const auto kept = [](const std::string& head) {
    return read(head + "Content-Length: 0\r\n\r\n", 1000, End::stays_open).keeps;
  };
  EXPECT_TRUE(kept("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK\r\nConnection: close, keep-alive\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n"));
  EXPECT_TRUE(kept("HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(kept("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(kept("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n"));
  const std::string both =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n";
  EXPECT_TRUE(read(both, 1000, End::stays_open).whole);
  EXPECT_FALSE(read(both, 1000, End::stays_open).keeps);
  const std::string more = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n";
  EXPECT_TRUE(read(more, 1000, End::stays_open).whole);
  EXPECT_FALSE(read(more, 1000, End::stays_open).keeps) << "nobody asked for a second one";
}

TEST(ResponseReader, RefusesWhatIsCutOff) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < chunked.size(); ++size)
    EXPECT_FALSE(read(chunked.substr(0, size), 1000, End::closed).whole) << size;
  const std::string sized = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < sized.size(); ++size)
    EXPECT_FALSE(read(sized.substr(0, size), 1000, End::closed).whole) << size;
}

TEST(ResponseReader, RefusesWhatIsNoResponse) {
  for (const char* start :
       {"HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000", "HTTP/1.1 099 x", "HTTP/1.x 200 OK",
        "http/1.1 200 OK", "HTTP/1.1  200 OK", "ICY 200 OK", "{}", ""}) {
    refuse(std::string(start) + "\r\nContent-Length: 0\r\n\r\n");
  }
  const std::string start = "HTTP/1.1 200 OK\r\n";
  for (const char* field :
       {"Content-Length: -1", "Content-Length: +1", "Content-Length: 1x",
        "Content-Length: ", "Content-Length: 99999999999999999999", "Content-Length: 1, 1",
        "Content-Length: 1\r\nContent-Length: 2", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "no colon",
        "X: 1\r\n continued: 2"}) {
    refuse(start + field + "\r\n\r\nx");
  }
  refuse(start + std::string("X: \0\r\nContent-Length: 0\r\n\r\n", 27));
  const std::string chunks = start + "Transfer-Encoding: chunked\r\n\r\n";
  for (const char* body : {"\r\n\r\n", "x\r\n", "-1\r\n", "1\r\nabc\r\n0\r\n\r\n",
                           "1000000000000000\r\n", "1\r\nab0\r\n\r\n"})
    refuse(chunks + body);
}

TEST(ResponseReader, RefusesWhatIsTooLarge) {
  const std::string start = "HTTP/1.1 200 OK\r\n";
  const auto oversized = [](const std::string& text) {
    Reception reception(1000);
    ResponseReader reader(reception);
    return !reader.take(text) && reception.oversized();
  };
  EXPECT_TRUE(oversized(start + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x')));
  EXPECT_TRUE(oversized(start + "\r\n" + std::string(1001, 'x')));
  EXPECT_TRUE(
      oversized(start + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x')));
  EXPECT_TRUE(oversized(start + "X: " + std::string(kLargestHeaders, 'x')));
  EXPECT_TRUE(oversized(start + "X: " + std::string(kLargestHeaders, 'x') + "\r\n"));
  EXPECT_FALSE(oversized(start + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x')));
}

TEST(ResponseReader, RefusesMoreBetweenChunksAndHeadsThanAHeadMayHave) {
  const std::string start = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string end = "0\r\n\r\n";
  const auto times = [](std::size_t count, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  const std::string large(kLargestHeaders / 3, ' ');
  EXPECT_FALSE(read(chunked + times(4, "1;" + large + "\r\nx\r\n") + end, 1000, End::closed).whole);
  EXPECT_FALSE(read(chunked + times(4, "1\r\nx" + large + "\r\n") + end, 1000, End::closed).whole);
  const std::string interim = times(4, "HTTP/1.1 100 Continue\r\n" + large + "\r\n");
  EXPECT_FALSE(read(interim + start + "Content-Length: 0\r\n\r\n", 1000, End::closed).whole);
  EXPECT_TRUE(read(chunked + times(2, "1;" + large + "\r\nx\r\n") + end, 1000, End::closed).whole);

  // Small chunks are legal, however many there are.
  const std::size_t most = kLargestHeaders / 60;
  Reception reception(most);
  ResponseReader reader(reception);
  EXPECT_TRUE(reader.take(chunked + times(most, "1;" + std::string(60, 'x') + "\r\nx\r\n") + end));
  EXPECT_TRUE(reader.done());
}

}  // namespace
}  // namespace signet::https
