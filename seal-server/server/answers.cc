#include "seal-server/server/answers.h"

#include "common/json_text.h"

namespace signet::sealserver {

namespace {

https::server::Response typed_answer(unsigned status, const char* type, std::string body) {
  return {.status = status,
          .body = std::move(body),
          .headers = {{"Content-Type", type}, {"Cache-Control", "no-store"}}};
}

}  // namespace

https::server::Response json_answer(const boost::json::value& value) {
  return ready_answer(json_text(value));
}

https::server::Response ready_answer(std::string json) {
  return typed_answer(200, "application/json", std::move(json));
}

https::server::Response accepted_answer(std::string json) {
  return typed_answer(202, "application/json", std::move(json));
}

https::server::Response text_answer(std::string text) {
  return typed_answer(200, "text/plain; charset=utf-8", std::move(text));
}

https::server::Response octets_answer(std::string octets) {
  return typed_answer(200, "application/octet-stream", std::move(octets));
}

https::server::Response problem_answer(const Problem& problem) {
  auto answer = typed_answer(problem.status(), "application/problem+json",
                             json_text({{"type", "about:blank"},
                                        {"status", problem.status()},
                                        {"title", problem.title()},
                                        {"detail", problem.what()}}));
  if (problem.passes()) answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

}  // namespace signet::sealserver
