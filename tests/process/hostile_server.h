// A server with the right pin that is hostile: what it answers is as long as its transport takes, or longer.
#ifndef SIGNET_TESTS_PROCESS_HOSTILE_SERVER_H_
#define SIGNET_TESTS_PROCESS_HOSTILE_SERVER_H_

#include <sys/types.h>

#include <atomic>
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

// A page of one of several lists of which no two have an object in common.
struct ListPage {
  std::size_t list = 1;   // which one, counted from 1
  std::size_t place = 0;  // of the page's first object in its list, from 0

  std::size_t first() const;  // the number of that object, and the cursor of the page
  std::string etag() const;   // of the list, with its quotation marks
};

// What requests ask for where each run over the pages finds another list.
class ChangingList {
 public:
  ListPage asked_by(const https::TestRequest& request);

 private:
  std::atomic<std::size_t> runs_{0};
};

// A page of a list that has everything at its limit: 10 pages of 1,000 keys, then as many of their certificates, together
// of as many bytes as a list may have, and some as large as a certificate may be. The headers of each page, too, are as
// large as they may be, and the bodies of its last page of keys and its last page.
https::TestReply page_at_every_limit(const ListPage& page);

// Whether it is the last one of such a list.
bool is_last_at_every_limit(const ListPage& page);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_HOSTILE_SERVER_H_
