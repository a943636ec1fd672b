// OpenSSL of our own inside a host that may use OpenSSL too: a library context with the default provider and no
// configuration file (the host's might load this very module). What is added to the host's error queue is the user's to
// take off: host_errors.h.
#ifndef SIGNET_CRYPTO_LIBRARY_CONTEXT_H_
#define SIGNET_CRYPTO_LIBRARY_CONTEXT_H_

#include <openssl/types.h>

#include <optional>

#include "crypto/fork_gate.h"

namespace signet::crypto {

// True once the process has run OPENSSL_cleanup (an exit handler): no OpenSSL object may be used or
// freed.
bool openssl_is_gone();

// False where OpenSSL gave none.
class LibraryContext {
 public:
  LibraryContext();
  ~LibraryContext();
  LibraryContext(const LibraryContext&) = delete;
  LibraryContext& operator=(const LibraryContext&) = delete;

  explicit operator bool() const { return provider_ != nullptr; }
  OSSL_LIB_CTX* get() const { return context_; }
  OSSL_PROVIDER* provider() const { return provider_; }

 private:
  OSSL_LIB_CTX* context_ = nullptr;
  OSSL_PROVIDER* provider_ = nullptr;
};

// While it lives, `ours` is OpenSSL's default library context in this thread: what the host has set for its own (providers,
// properties) has no part in what libraries do that know no other context. It holds a ForkPass, unless it is within
// another one of the same context.
class DefaultContext {
 public:
  explicit DefaultContext(const LibraryContext& ours);
  ~DefaultContext();
  DefaultContext(const DefaultContext&) = delete;
  DefaultContext& operator=(const DefaultContext&) = delete;

 private:
  std::optional<ForkPass> pass_;
  OSSL_LIB_CTX* const before_;
};

// Frees what OpenSSL keeps for this thread and that context (random generators): the thread may outlive the context. It
// takes a lock of the whole process: to be called only where this thread has used random numbers of that context, and not
// within a DefaultContext.
void end_thread_in(const LibraryContext& ours);

// Within a DefaultContext, for calls of strangers: the process's own default again.
class ProcessContext {
 public:
  ProcessContext();
  ~ProcessContext();
  ProcessContext(const ProcessContext&) = delete;
  ProcessContext& operator=(const ProcessContext&) = delete;

 private:
  OSSL_LIB_CTX* const before_;
};

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_LIBRARY_CONTEXT_H_
