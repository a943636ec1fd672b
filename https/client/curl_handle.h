// How the sources of Connection talk to libcurl; for them alone.
#ifndef SIGNET_HTTPS_CLIENT_CURL_HANDLE_H_
#define SIGNET_HTTPS_CLIENT_CURL_HANDLE_H_

#include <curl/curl.h>

#include "https/client/connection.h"

namespace signet::https {

template <typename Value>
void Connection::set(int option, Value value) {
  if (curl_easy_setopt(curl_, static_cast<CURLoption>(option), value) != CURLE_OK) {
    options_hold_ = false;
  }
}

// What libcurl knows about the last transfer of a handle.
template <typename T>
T info_of(CURL* curl, CURLINFO what) {
  T value{};
  curl_easy_getinfo(curl, what, &value);
  return value;
}

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_CURL_HANDLE_H_
