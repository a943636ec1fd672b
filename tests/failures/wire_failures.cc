#include "tests/failures/wire_failures.h"

#include <fmt/format.h>

#include <utility>

namespace signet::tests {

using https::TestReply;
using Ending = TestReply::Ending;

Failing failing(std::string name, std::string words, TestReply reply) {
  return {std::move(name), std::move(words),
          [reply = std::move(reply)](const Step&) { return std::optional(reply); }};
}

std::vector<Failing> wire_failures() {
  std::vector<Failing> all;
  for (const int status : {302, 401, 403, 404, 405, 413, 500, 502, 504}) {
    TestReply reply{.status = status};
    if (status == 302) reply.headers["Location"] = "https://127.0.0.1:1/elsewhere";
    all.push_back(failing(fmt::format("HTTP {}", status), "", std::move(reply)));
  }
  for (const int status : {429, 503}) {
    all.push_back(failing(fmt::format("HTTP {}, Retry-After: 60", status), "",
                          {.status = status, .headers = {{"Retry-After", "60"}}}));
  }
  all.push_back(failing("HTTP 503", "", {.status = 503}));
  all.push_back(failing("HTTP 200 with no body", "", {}));
  all.push_back(failing("HTTP 200 with garbage", "", {.body = "\x01\xff{[<"}));
  all.push_back(
      failing("HTTP 200 with an HTML page", "",
              {.body = "<html><body>Welcome</body></html>", .content_type = "text/html"}));
  all.push_back(failing("HTTP 200 with \"null\"", "", {.body = "null"}));
  all.push_back(
      failing("HTTP 400 with plain text", "no such thing here",
              {.status = 400, .body = "no such thing here", .content_type = "text/plain"}));
  all.push_back(
      failing("half an answer", "", {.body = std::string(500, ' '), .ending = Ending::cut}));
  all.push_back(failing("connection reset", "", {.ending = Ending::reset}));
  all.push_back(failing("no answer", "", {.ending = Ending::stall}));
  return all;
}

}  // namespace signet::tests
