// A server with the right pin that is hostile: what it answers is as long as its transport takes, or longer.
#ifndef SIGNET_TESTS_PROCESS_HOSTILE_SERVER_H_
#define SIGNET_TESTS_PROCESS_HOSTILE_SERVER_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

#include "common/descriptor.h"
#include "https/testing/tls_test_server.h"
#include "tests/process/signing_key.h"
#include "tests/support/client_config.h"

namespace signet::tests {

// The server in a process of its own, so that its memory is not the client's. To be made while no other thread runs.
class HostileServer {
 public:
  // Called by several threads at once, in the server's process.
  using Handler = std::function<https::TestReply(const https::TestRequest& request)>;

  explicit HostileServer(const Handler& handler);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  // The server as a member of a token whose URL ends in this path.
  Member member(std::string_view path) const;

 private:
  pid_t process_ = -1;
  Descriptor open_;  // the server ends when it is closed
  std::string origin_;
  std::string pin_;
};

// An appliance of the native dialect that answers requests for its object list with `objects`, and everything else as an
// honest one does.
HostileServer::Handler native_appliance(const HostileServer::Handler& objects);

// Bodies of a page of `count` objects; ids differ by `first` and the place. `next`: whether it says that there is more.
struct Page {
  std::size_t first = 0;
  std::size_t count = 1000;
  bool next = true;
};
https::TestReply page_of_unknown_keys(const Page& page);

// `label_size` in bytes.
https::TestReply page_of_keys(const Page& page, std::size_t label_size, Point point);

// All are one certificate of about that size, in bytes.
https::TestReply page_of_certificates(const Page& page, std::size_t size);

// The number of the page that is asked for, from its cursor.
std::size_t number_in(const https::TestRequest& request);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_HOSTILE_SERVER_H_
