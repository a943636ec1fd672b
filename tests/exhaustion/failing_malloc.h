// The memory of this program, and of every library in it, comes through here: malloc and its kin are
// defined by the program, which a library's calls reach first, operator new's and the C library's among
// them.
#ifndef SIGNET_TESTS_EXHAUSTION_FAILING_MALLOC_H_
#define SIGNET_TESTS_EXHAUSTION_FAILING_MALLOC_H_

namespace signet::tests {

struct AllocationPlan {
  long fail_at = 0;   // the how-manieth allocation fails, counted from 1; 0: none
  long how_many = 1;  // and so many after it, that one included
};

// Counts begin anew, and nothing is counted yet.
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
// starts only once in a process: CRYPTO_THREAD_run_once, and the fetching of algorithms, EVP_…_fetch, of
// which it notes that it was done before it is. OpenSSL 3.0 never tries such a start again: its
// random numbers, for one, are then missing for good, and RAND_status takes a lock that is not there.
bool failed_in_library();
bool failed_in_once_only_start();

// Allocated and not freed, of all threads.
long blocks_alive();

}  // namespace signet::tests

#endif  // SIGNET_TESTS_EXHAUSTION_FAILING_MALLOC_H_
