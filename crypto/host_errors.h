// The host's OpenSSL error queue, put aside while we work. libcurl empties the thread's queue
// whenever it uses TLS, marks (ERR_set_mark) and all, and the host may be in the middle of an
// OpenSSL call that counts on them.
#ifndef SIGNET_CRYPTO_HOST_ERRORS_H_
#define SIGNET_CRYPTO_HOST_ERRORS_H_

#include <openssl/err.h>

namespace signet::crypto {

// From here to the end of scope this thread's queue is empty and ours; then it is what it was. May
// be nested.
class HostErrors {
 public:
  HostErrors();
  ~HostErrors();
  HostErrors(const HostErrors&) = delete;
  HostErrors& operator=(const HostErrors&) = delete;

 private:
  ERR_STATE kept_{};
  bool keeps_ = false;
};

// What OpenSSL answered, within the scope of a HostErrors. Where it had no memory there is no answer: std::bad_alloc. A
// good signature must not be called wrong for that, nor a point be said to be off its curve.
bool verdict(bool good);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_HOST_ERRORS_H_
