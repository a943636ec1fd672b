// Mutexes, locks and a condition variable of the standard library, with the annotations of clang's thread safety
// analysis (which libstdc++'s own types do not carry): -Wthread-safety then finds at compile time an access without the
// lock that guards the member. They cost what the standard's types cost. Waiting is a loop, not a predicate, because
// the analysis does not look into a lambda:
//
//   MutexLock lock(mutex_);
//   while (!ended_) changed_.wait(mutex_);
#ifndef SIGNET_COMMON_MUTEX_H_
#define SIGNET_COMMON_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#ifdef __clang__
#define SIGNET_THREAD_ATTRIBUTE(...) __attribute__((__VA_ARGS__))
#else
#define SIGNET_THREAD_ATTRIBUTE(...)
#endif

// Of types.
#define SIGNET_CAPABILITY(name) SIGNET_THREAD_ATTRIBUTE(capability(name))
#define SIGNET_SCOPED_CAPABILITY SIGNET_THREAD_ATTRIBUTE(scoped_lockable)

// Of members: read and written only with the mutex held.
#define SIGNET_GUARDED_BY(mutex) SIGNET_THREAD_ATTRIBUTE(guarded_by(mutex))

// Of a mutex: a thread takes it before those others.
#define SIGNET_ACQUIRED_BEFORE(...) SIGNET_THREAD_ATTRIBUTE(acquired_before(__VA_ARGS__))

// Of functions: called with the mutex held, or not held.
#define SIGNET_REQUIRES(...) SIGNET_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define SIGNET_EXCLUDES(...) SIGNET_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))

// Of functions that take or release a mutex, or return a reference to one.
#define SIGNET_ACQUIRE(...) SIGNET_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define SIGNET_ACQUIRE_SHARED(...) SIGNET_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define SIGNET_TRY_ACQUIRE(...) SIGNET_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define SIGNET_RELEASE(...) SIGNET_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define SIGNET_RELEASE_SHARED(...) SIGNET_THREAD_ATTRIBUTE(release_shared_capability(__VA_ARGS__))
#define SIGNET_RETURN_CAPABILITY(mutex) SIGNET_THREAD_ATTRIBUTE(lock_returned(mutex))

// For what the analysis cannot follow, with the reason beside it.
#define SIGNET_NO_LOCK_ANALYSIS SIGNET_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace signet {

class SIGNET_CAPABILITY("mutex") Mutex {
 public:
  constexpr Mutex() noexcept = default;
  ~Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() SIGNET_ACQUIRE() { native_.lock(); }
  bool try_lock() SIGNET_TRY_ACQUIRE(true) { return native_.try_lock(); }
  void unlock() SIGNET_RELEASE() { native_.unlock(); }

 private:
  friend class Condition;
  std::mutex native_;
};

// Many readers or one writer.
class SIGNET_CAPABILITY("mutex") SharedMutex {
 public:
  void lock() SIGNET_ACQUIRE() { native_.lock(); }
  void unlock() SIGNET_RELEASE() { native_.unlock(); }
  void lock_shared() SIGNET_ACQUIRE_SHARED() { native_.lock_shared(); }
  void unlock_shared() SIGNET_RELEASE_SHARED() { native_.unlock_shared(); }

 private:
  std::shared_mutex native_;
};

// Holds a mutex until the end of the block, of a SharedMutex as its only user; unlock() and lock() let go of it in between.
template <typename Lockable>
class SIGNET_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Lockable& mutex) SIGNET_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  // A mutex that the thread holds already, after try_lock().
  MutexLock(Lockable& mutex, std::adopt_lock_t) SIGNET_REQUIRES(mutex) : mutex_(mutex) {}
  ~MutexLock() SIGNET_RELEASE() {
    if (held_) mutex_.unlock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void unlock() SIGNET_RELEASE() {
    mutex_.unlock();
    held_ = false;
  }
  void lock() SIGNET_ACQUIRE() {
    mutex_.lock();
    held_ = true;
  }

 private:
  Lockable& mutex_;
  bool held_ = true;
};

// Holds a SharedMutex beside other readers.
class SIGNET_SCOPED_CAPABILITY ReaderLock {
 public:
  explicit ReaderLock(SharedMutex& mutex) SIGNET_ACQUIRE_SHARED(mutex) : mutex_(mutex) {
    mutex_.lock_shared();
  }
  ~ReaderLock() SIGNET_RELEASE() { mutex_.unlock_shared(); }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  SharedMutex& mutex_;
};

class Condition {
 public:
  // Both let go of the mutex while they wait; they may return without a notification.
  void wait(Mutex& mutex) SIGNET_REQUIRES(mutex) {
    std::unique_lock native(mutex.native_, std::adopt_lock);
    condition_.wait(native);
    native.release();
  }
  // False at `moment`, whether notified or not.
  template <typename Clock, typename Duration>
  bool wait_until(Mutex& mutex, const std::chrono::time_point<Clock, Duration>& moment)
      SIGNET_REQUIRES(mutex) {
    std::unique_lock native(mutex.native_, std::adopt_lock);
    const std::cv_status status = condition_.wait_until(native, moment);
    native.release();
    return status == std::cv_status::no_timeout;
  }

  void notify_one() noexcept { condition_.notify_one(); }
  void notify_all() noexcept { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace signet

#endif  // SIGNET_COMMON_MUTEX_H_
