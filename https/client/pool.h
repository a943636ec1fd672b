// The kept-open connections to one server: bounded, the warmest first, aged out before a firewall
// does it.
#ifndef SIGNET_HTTPS_CLIENT_POOL_H_
#define SIGNET_HTTPS_CLIENT_POOL_H_

#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/mutex.h"
#include "common/result.h"
#include "common/task.h"
#include "common/wakeup.h"
#include "https/client/connection.h"

namespace signet::https {

// Thread-safe.
class Pool {
 public:
  explicit Pool(std::shared_ptr<Endpoint> endpoint);

  // A connection checked out by one exchange. It is closed at the end unless keep() was called.
  class Lease {
   public:
    // Of a place that is counted already.
    explicit Lease(Pool& pool) : pool_(&pool) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          connection_(std::move(other.connection_)),
          keep_(other.keep_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

    // Closes it and puts an unconnected one in its place.
    void renew();

    // It goes back to the pool at the end.
    void keep() { keep_ = true; }

   private:
    friend class Pool;  // puts a kept connection in

    Pool* pool_;  // null after a move
    std::unique_ptr<Connection> connection_;
    bool keep_ = false;
  };

  enum class Refusal {
    full,         // every connection stayed in use until the deadline
    interrupted,  // interrupt() was called meanwhile
  };

  // Nothing where every connection is in use.
  std::optional<Lease> try_take();

  // Waits for one; who came first is served first.
  Task<Result<Lease, Refusal>> take(Deadline deadline);

  // The server is in trouble: those who wait for a connection are sent away, another server may
  // serve them, and what is kept open is closed.
  void interrupt();

  // Connections checked out or kept.
  unsigned open() const;

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;

  // Waits in the queue; its end takes it out, or gives back a place that was not used.
  class Waiter {
   public:
    enum class State { waits, has_place, sent_away, done };

    explicit Waiter(Pool& pool);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    State state() const;
    Wakeup::Until until(SteadyTime moment) { return wakeup_.until(moment); }
    Lease use_place();
    void end_locked(State state) noexcept;

   private:
    Pool& pool_;
    Wakeup wakeup_;
    State state_ = State::waits;  // guarded by the pool's mutex
  };

  std::size_t capacity() const;
  Lease lease();
  void give_back(std::unique_ptr<Connection> connection, bool keep) noexcept;
  // Free places to those who wait.
  void pass_on() noexcept SIGNET_REQUIRES(mutex_);

  // Takes out what was idle for too long; the caller closes it after the lock is released.
  Connections take_aged() SIGNET_REQUIRES(mutex_);

  const std::shared_ptr<Endpoint> endpoint_;
  mutable Mutex mutex_;
  Connections idle_ SIGNET_GUARDED_BY(mutex_);  // the least recently used first
  unsigned in_use_ SIGNET_GUARDED_BY(mutex_) = 0;
  std::deque<Waiter*> waiting_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_POOL_H_
