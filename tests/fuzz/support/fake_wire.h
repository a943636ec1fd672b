// Stands in for libcurl, TCP and waiting (connection.h, tcp_probe.h and backoff.h of dsa-transport, chosen when a
// target is linked): the REST client gets the answers that a fuzzer's input holds, at once.
//
// The input is text: answers, separated by lines of "%%". The first line of each names what the target shall call,
// and in how many pieces the body comes; the rest is the answer as HTTP/1.1 writes it. What is no answer is a lost
// connection.
//
//   sign-ec 3
//   HTTP/1.1 200 OK
//   Content-Type: application/json
//
//   {"signatures":["…"]}
//   %%
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_FAKE_WIRE_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_FAKE_WIRE_H_

#include <string>
#include <string_view>
#include <vector>

namespace signet::fuzz {

// Takes the place of what is left of an earlier input; gives the calls named, in their order.
std::vector<std::string> load_wire(std::string_view input);

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_FAKE_WIRE_H_
