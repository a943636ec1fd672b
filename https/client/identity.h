// What a client shows of itself in mutual TLS.
#ifndef SIGNET_HTTPS_CLIENT_IDENTITY_H_
#define SIGNET_HTTPS_CLIENT_IDENTITY_H_

#include <string>

struct ssl_ctx_st;

namespace signet::https {

// Belongs to one connection, which outlives its handshakes; used by one thread at a time.
class Identity {
 public:
  virtual ~Identity() = default;

  // Certificate and key into the context of a coming handshake. False, with a complaint, where
  // there is none.
  virtual bool install(ssl_ctx_st* context) = 0;

  // What went wrong with them, here or in the handshake; empty: nothing.
  virtual const std::string& complaint() const = 0;

  // In a child after fork(): lets go of what is the parent's.
  virtual void abandon() = 0;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_IDENTITY_H_
