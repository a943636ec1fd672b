// Which process this is. A process id alone may come again: in a child that is the first process of a pid namespace of its
// own, as its parent was of its, or when the system's ids have gone round.
#ifndef SIGNET_COMMON_PROCESS_MARK_H_
#define SIGNET_COMMON_PROCESS_MARK_H_

#include <cstdint>

namespace signet {

// The same number for the life of a process and another one in every child; never 0. Takes no lock and no memory; works
// before the first constructor and after the last destructor.
std::uint64_t process_mark() noexcept;

}  // namespace signet

#endif  // SIGNET_COMMON_PROCESS_MARK_H_
