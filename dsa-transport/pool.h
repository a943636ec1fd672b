// The kept-open connections of one member: bounded, the warmest first, aged out before a firewall
// does it.
#ifndef SIGNET_DSA_TRANSPORT_POOL_H_
#define SIGNET_DSA_TRANSPORT_POOL_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "dsa-transport/connection.h"

namespace signet::transport {

class Pool {
 public:
  explicit Pool(std::shared_ptr<Endpoint> endpoint);

  // A connection checked out by one thread. It goes back to the pool unless discard() was called.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          connection_(std::move(other.connection_)),
          discarded_(other.discarded_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

    // Closes it and puts an unconnected one in its place.
    void renew();

    void discard() { discarded_ = true; }

   private:
    Pool* pool_;  // null after a move
    std::unique_ptr<Connection> connection_;
    bool discarded_ = false;
  };

  enum class Refusal {
    full,         // every connection stayed in use until the deadline
    interrupted,  // interrupt() was called meanwhile
  };

  Result<Lease, Refusal> take(Deadline deadline);

  // The member is in trouble: those who wait for a connection are sent away, another member may
  // serve them, and what is kept open is closed.
  void interrupt();

  // Connections checked out or kept.
  unsigned open() const;

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;

  void give_back(std::unique_ptr<Connection> connection, bool keep) noexcept;
  std::unique_ptr<Connection> make() const { return std::make_unique<Connection>(endpoint_); }

  // Takes out what was idle for too long; the caller closes it after the lock is released.
  Connections take_aged();

  const std::shared_ptr<Endpoint> endpoint_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Connections idle_;  // the least recently used first
  unsigned in_use_ = 0;
  std::uint64_t interruptions_ = 0;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_POOL_H_
