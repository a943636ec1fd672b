// The sockets of one appliance's connections, so that a child process after fork() can let go of them:
// it closes its copies of the descriptors and says nothing on them, and the parent's connections
// stay undisturbed.
#ifndef SIGNET_HTTPS_CLIENT_SOCKET_TABLE_H_
#define SIGNET_HTTPS_CLIENT_SOCKET_TABLE_H_

#include <array>
#include <atomic>
#include <cstddef>

namespace signet::https {

// Without locks: after fork() a lock may be held by a thread that does not exist any more. It grows
// as it must and never shrinks. Where memory is short a socket stays unlisted.
class SocketTable {
 public:
  SocketTable() = default;
  ~SocketTable();
  SocketTable(const SocketTable&) = delete;
  SocketTable& operator=(const SocketTable&) = delete;

  void add(int descriptor) noexcept;

  // False where it is not there (any more): close_all() has closed it, and its number may be
  // another's now.
  bool remove(int descriptor) noexcept;

  // In a child only.
  void close_all() noexcept;

 private:
  static constexpr std::size_t kSlots = 64;
  static constexpr int kFree = -1;

  struct Chunk {
    Chunk() {
      for (auto& slot : slots) slot = kFree;
    }
    bool replace(int from, int to);

    std::array<std::atomic<int>, kSlots> slots;
    std::atomic<Chunk*> next{nullptr};
  };

  Chunk first_;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_SOCKET_TABLE_H_
