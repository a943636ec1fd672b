// The sockets of one appliance's connections, so that none of them is taken for what the host has put in its place, and so
// that a child process after fork() can let go of them: it closes its copies of the descriptors and says nothing on them,
// and the parent's connections stay undisturbed.
#ifndef SIGNET_HTTPS_CLIENT_SOCKET_TABLE_H_
#define SIGNET_HTTPS_CLIENT_SOCKET_TABLE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace signet::https {

// Without locks: after fork() a lock may be held by a thread that does not exist any more. It grows as it must and never
// shrinks.
class SocketTable {
 public:
  SocketTable() = default;
  ~SocketTable();
  SocketTable(const SocketTable&) = delete;
  SocketTable& operator=(const SocketTable&) = delete;

  // False where there is no memory for it.
  bool add(int descriptor) noexcept;

  // Whether it stands for the socket that was added.
  bool has(int descriptor) const noexcept;

  // Takes it out. False where it was not there, or its number is another's now: then it is not to be closed.
  bool remove(int descriptor) noexcept;

  // Closes what is still ours. In a child only.
  void close_all() noexcept;

 private:
  // A descriptor and the inode of its socket, of which the kernel makes 32 bits; one word, so that both change at once.
  using Mark = std::uint64_t;
  static constexpr Mark kNone = ~Mark{0};
  static Mark mark_of(int descriptor) noexcept;
  static int descriptor_of(Mark mark) { return static_cast<int>(mark >> 32U); }

  static constexpr std::size_t kSlots = 64;

  struct Chunk {
    Chunk() {
      for (auto& slot : slots) slot = kNone;
    }
    bool replace(Mark from, Mark to);
    void forget(int descriptor);

    std::array<std::atomic<Mark>, kSlots> slots;
    std::atomic<Chunk*> next{nullptr};
  };

  Chunk first_;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_SOCKET_TABLE_H_
