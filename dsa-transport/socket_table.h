// The sockets of one member's connections, so that a child process after fork() can let go of them:
// it closes its copies of the descriptors and says nothing on them, and the parent's connections
// stay undisturbed.
#ifndef SIGNET_DSA_TRANSPORT_SOCKET_TABLE_H_
#define SIGNET_DSA_TRANSPORT_SOCKET_TABLE_H_

#include <atomic>
#include <cstddef>
#include <vector>

namespace signet::transport {

// Without locks: after fork() a lock may be held by a thread that does not exist any more.
class SocketTable {
 public:
  // `most` is never reached by a pool that keeps its bounds.
  explicit SocketTable(std::size_t most) : slots_(most) {
    for (auto& slot : slots_) slot = kFree;
  }

  void add(int descriptor) { (void)replace(kFree, descriptor); }

  // False where it is not there (any more): close_all() has closed it, and its number may be
  // another's now.
  bool remove(int descriptor) { return replace(descriptor, kFree); }

  // In a child only.
  void close_all();

 private:
  static constexpr int kFree = -1;

  bool replace(int from, int to);

  std::vector<std::atomic<int>> slots_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_SOCKET_TABLE_H_
