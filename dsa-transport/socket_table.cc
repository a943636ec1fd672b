#include "dsa-transport/socket_table.h"

#include <unistd.h>

namespace signet::transport {

bool SocketTable::replace(int from, int to) {
  for (auto& slot : slots_) {
    int expected = from;
    if (slot.compare_exchange_strong(expected, to)) return true;
  }
  return false;
}

void SocketTable::close_all() {
  for (auto& slot : slots_) {
    const int descriptor = slot.exchange(kFree);
    if (descriptor != kFree) ::close(descriptor);
  }
}

}  // namespace signet::transport
