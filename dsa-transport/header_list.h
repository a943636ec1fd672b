// Request headers in memory of our own: libcurl reads the list where it is, so that nothing but our
// buffer, which is wiped, holds the credential between requests.
#ifndef SIGNET_DSA_TRANSPORT_HEADER_LIST_H_
#define SIGNET_DSA_TRANSPORT_HEADER_LIST_H_

#include <curl/curl.h>

#include <deque>

#include "dsa-transport/http.h"

namespace signet::transport {

class HeaderList {
 public:
  explicit HeaderList(const HttpRequest& request);
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;

  // Valid as long as this object.
  curl_slist* list() { return nodes_.empty() ? nullptr : &nodes_.front(); }

 private:
  void add(std::string_view name, std::string_view value);
  void add_basic(const Credential& who);
  void add_line(WipedText line);

  std::deque<WipedText> lines_;
  std::deque<curl_slist> nodes_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_HEADER_LIST_H_
