// Request headers in memory of our own: libcurl reads the list where it is, so that nothing but our
// buffer, which is wiped, holds a credential between requests.
#ifndef SIGNET_HTTPS_CLIENT_HEADER_LIST_H_
#define SIGNET_HTTPS_CLIENT_HEADER_LIST_H_

#include <curl/curl.h>

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <string_view>

#include "common/wiped_text.h"

namespace signet::https {

class HeaderList {
 public:
  static constexpr std::size_t kMost = 12;

  // At most kMost headers. An empty value takes one of libcurl's own out of the request.
  HeaderList& add(std::string_view name, std::string_view value);

  // For libcurl; valid as long as this object is unchanged. Null: no header.
  curl_slist* list();

 private:
  WipedText text_;  // line after line, each with a NUL at its end
  boost::container::static_vector<std::size_t, kMost> lines_;  // where each begins
  boost::container::static_vector<curl_slist, kMost> nodes_;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_HEADER_LIST_H_
