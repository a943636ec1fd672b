// Requests that may come twice: a POST has an Idempotency-Key, under which its answer is kept for a day, committed with what
// it did.
#ifndef SIGNET_SEAL_SERVER_SERVER_IDEMPOTENCY_H_
#define SIGNET_SEAL_SERVER_SERVER_IDEMPOTENCY_H_

#include <optional>
#include <string>

#include "https/server/message.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

// The key of a request, and a digest of what was asked: method, target and body.
struct Repeatable {
  std::string
      owner;  // a client's id, or the key of one of the server's own people: each has keys of its own
  std::string key;
  std::string request;
};

// Problem 400 where the request has no Idempotency-Key.
Repeatable repeatable(const https::server::Request& request, const std::string& owner);

// What was answered to the same request before; Problem 422 where it was another request.
std::optional<std::string> former_answer(Group& group, const Repeatable& repeatable);

void keep_answer(Group& group, const Repeatable& repeatable, const std::string& answer);

// The answer to a request (JSON), by `work(group)` where it is its first time.
template <typename Work>
std::string answer_once(Sequencer& sequencer, const Repeatable& repeatable, Work work) {
  return sequencer.write([&](Group& group) {
    if (auto former = former_answer(group, repeatable)) return *std::move(former);
    std::string answer = work(group);
    keep_answer(group, repeatable, answer);
    return answer;
  });
}

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_IDEMPOTENCY_H_
