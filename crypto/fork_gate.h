// Forks of the host, and the locks that OpenSSL has for a whole process (registration of threads, random generators). A child
// inherits a lock that another thread holds, and nobody is left there to give it back: its first handshake would wait for
// ever. Threads of ours take such locks inside passes only, for moments, and fork() waits for them. OpenSSL takes one at the end
// of a thread, too; that moment is nobody's to keep from a fork.
#ifndef SIGNET_CRYPTO_FORK_GATE_H_
#define SIGNET_CRYPTO_FORK_GATE_H_

namespace signet::crypto {

// While it lives, its thread is inside. fork() goes on after a second whoever is inside (a client key in a stranger's module
// may take longer).
class ForkPass {
 public:
  enum class Length {
    step,  // waits for forks that wait for others: many threads that come and go do not hold a fork up. Not to be nested
    instant,  // some instructions; may be within another one
  };
  explicit ForkPass(Length length);
  ~ForkPass();
  ForkPass(const ForkPass&) = delete;
  ForkPass& operator=(const ForkPass&) = delete;
};

// From now on fork() looks at passes (pthread_atfork(), which ends with this copy of the code). Any number of times.
void watch_forks();

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_FORK_GATE_H_
