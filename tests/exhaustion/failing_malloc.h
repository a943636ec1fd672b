// The memory of this program, and of every library in it, comes through here: malloc and its kin are
// defined by the program, which a library's calls reach first, operator new's and the C library's among
// them.
#ifndef SIGNET_TESTS_EXHAUSTION_FAILING_MALLOC_H_
#define SIGNET_TESTS_EXHAUSTION_FAILING_MALLOC_H_

#include <span>

namespace signet::tests {

struct AllocationPlan {
  long fail_at = 0;   // the how-manieth allocation fails, counted from 1; 0: none
  long how_many = 1;  // and so many after it, that one included
};

// Counts start again, and nothing is counted yet.
void plan_allocations(const AllocationPlan& plan);

// While it lives, this thread's allocations count.
class CountedAllocations {
 public:
  CountedAllocations();
  ~CountedAllocations();
  CountedAllocations(const CountedAllocations&) = delete;
  CountedAllocations& operator=(const CountedAllocations&) = delete;
};

long allocations_counted();
long allocations_failed();

// Who asked for the first one that failed: the name of the library, and its callers on stderr where
// wanted.
const char* library_of_first_failure();
void print_first_failure();

// Whether OpenSSL or libcurl asked for one of those that failed; and whether one belonged to what OpenSSL
// starts only once in a process: see README.md.
bool failed_in_library();
bool failed_in_once_only_start();

// How many allocations failed in which OpenSSL loses all of a library context that it frees: see README.md.
long contexts_lost();

// Whether `crash`, return addresses as backtrace() gives them, is in a call that OpenSSL or libcurl made within itself
// and in which an allocation had failed: the library went on as if it had not, and nothing of ours ran in between.
bool crashed_where_failed(std::span<void* const> crash);

// Allocated and not freed, of all threads.
long blocks_alive();

}  // namespace signet::tests

#endif  // SIGNET_TESTS_EXHAUSTION_FAILING_MALLOC_H_
