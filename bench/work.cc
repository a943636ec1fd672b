#include "bench/work.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace signet::bench {

namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t nanoseconds_since(Clock::time_point began) {
  return static_cast<std::uint64_t>((Clock::now() - began).count());
}

class Run {
 public:
  Run(const Work& work, const std::function<Signer()>& make_signer)
      : work_(work),
        make_signer_(make_signer),
        ready_(static_cast<std::ptrdiff_t>(work.threads) + 1, Start{began_}),
        times_(work.signatures, 0) {}

  Timings go() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < work_.threads; ++i) threads.emplace_back([this, i] { work(i); });
    ready_.arrive_and_wait();
    for (auto& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    const double seconds = static_cast<double>(nanoseconds_since(began_)) / 1e9;
    std::erase(times_, 0);  // what the time did not suffice for
    Timings timings{seconds, std::move(times_)};
    std::ranges::sort(timings.nanoseconds);
    return timings;
  }

 private:
  void work(std::size_t thread) {
    std::optional<Signer> signer;
    try {
      signer = make_signer_();
      for (std::size_t i = 0; i < work_.warm_up; ++i) (*signer)(data_of(thread, ~i));
    } catch (...) {
      fail();
    }
    ready_.arrive_and_wait();
    try {
      while (!failed_ && !over()) {
        const std::size_t number = begun_++;
        if (number >= work_.signatures) break;
        const Bytes data = data_of(thread, number);
        const auto began = Clock::now();
        (*signer)(data);
        times_[number] = nanoseconds_since(began);
      }
    } catch (...) {
      fail();
    }
  }

  bool over() const { return static_cast<double>(nanoseconds_since(began_)) / 1e9 > work_.seconds; }

  void fail() {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    failed_ = true;
  }

  // Starts the clock when the last thread is ready.
  struct Start {
    Clock::time_point& began;
    void operator()() noexcept { began = Clock::now(); }
  };

  const Work& work_;
  const std::function<Signer()>& make_signer_;
  Clock::time_point began_;
  std::barrier<Start> ready_;
  std::atomic<std::size_t> begun_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::vector<std::uint64_t> times_;  // by the signature's number; each has one writer
};

double percentile(const std::vector<std::uint64_t>& sorted_nanoseconds, double part) {
  if (sorted_nanoseconds.empty()) return 0;
  const auto last = static_cast<double>(sorted_nanoseconds.size() - 1);
  const auto at = static_cast<std::size_t>(part * last + 0.5);
  return static_cast<double>(sorted_nanoseconds[at]) / 1e3;
}

}  // namespace

Timings measure(const Work& work, const std::function<Signer()>& make_signer) {
  return Run(work, make_signer).go();
}

Bytes data_of(std::size_t thread, std::size_t number) {
  Bytes data(32, static_cast<std::uint8_t>(thread));
  for (std::size_t i = 0; i < sizeof number; ++i) {
    data[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return data;
}

boost::json::object percentiles(const std::vector<std::uint64_t>& sorted_nanoseconds) {
  return {{"p50", percentile(sorted_nanoseconds, 0.5)},
          {"p95", percentile(sorted_nanoseconds, 0.95)},
          {"p99", percentile(sorted_nanoseconds, 0.99)},
          {"p99.9", percentile(sorted_nanoseconds, 0.999)},
          {"max", percentile(sorted_nanoseconds, 1)}};
}

boost::json::object report(const Work& work, const Timings& timings) {
  const auto count = static_cast<double>(timings.nanoseconds.size());
  return {{"threads", work.threads},
          {"signatures", timings.nanoseconds.size()},
          {"seconds", timings.seconds},
          {"perSecond", count / timings.seconds},
          {"microseconds", percentiles(timings.nanoseconds)}};
}

}  // namespace signet::bench
