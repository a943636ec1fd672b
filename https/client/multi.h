// A libcurl multi handle in a process whose descriptors are not ours alone.
#ifndef SIGNET_HTTPS_CLIENT_MULTI_H_
#define SIGNET_HTTPS_CLIENT_MULTI_H_

#include <array>

#include "https/client/socket_table.h"

namespace signet::https {

// libcurl makes two sockets with each handle, for curl_multi_wakeup(), and closes them by their numbers without saying
// which they are. They are found out at the start, and a handle whose sockets are not there any more is left behind: its
// end would close what the host has in their place.
class Multi {
 public:
  explicit Multi(SocketTable& sockets);
  ~Multi();
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  // Null where there was no memory.
  void* get() const { return handle_; }  // a CURLM

  // Whether its sockets are still what they were.
  bool is_whole() const;

  // Closes what is still ours of its sockets. The handle and the easy one with it are not touched any more; their memory is
  // not given back, and stays where a leak checker sees it.
  void leave_behind(void* easy);

 private:
  bool try_to_know();
  bool try_alone();  // while no other thread of ours does

  SocketTable& sockets_;
  std::array<int, 2> wakeup_{-1, -1};  // -1: not known, or none
  void* handle_ = nullptr;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_MULTI_H_
