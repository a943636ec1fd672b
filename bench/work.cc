#include "bench/work.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

namespace signet::bench {

namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t nanoseconds_since(Clock::time_point began) {
  return static_cast<std::uint64_t>((Clock::now() - began).count());
}

// Different for every signature, so that nobody can answer from memory.
Bytes data_of(std::size_t thread, std::size_t number) {
  Bytes data(32, static_cast<std::uint8_t>(thread));
  for (std::size_t i = 0; i < sizeof number; ++i) {
    data[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return data;
}

class Run {
 public:
  Run(const Work& work, const std::function<Signer()>& make_signer)
      : work_(work),
        make_signer_(make_signer),
        ready_(static_cast<std::ptrdiff_t>(work.threads) + 1, Start{began_}) {}

  Timings go() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < work_.threads; ++i) threads.emplace_back([this, i] { work(i); });
    ready_.arrive_and_wait();
    for (auto& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    Timings timings{static_cast<double>(nanoseconds_since(began_)) / 1e9, std::move(all_)};
    std::ranges::sort(timings.nanoseconds);
    return timings;
  }

 private:
  void work(std::size_t thread) {
    std::vector<std::uint64_t> own;
    std::optional<Signer> signer;
    try {
      signer = make_signer_();
      for (std::size_t i = 0; i < work_.warm_up; ++i) (*signer)(data_of(thread, ~i));
    } catch (...) {
      fail();
    }
    ready_.arrive_and_wait();
    try {
      while (!failed_ && begun_++ < work_.signatures && !over()) {
        const Bytes data = data_of(thread, own.size());
        const auto began = Clock::now();
        (*signer)(data);
        own.push_back(nanoseconds_since(began));
      }
    } catch (...) {
      fail();
    }
    const std::lock_guard lock(mutex_);
    all_.insert(all_.end(), own.begin(), own.end());
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
  std::vector<std::uint64_t> all_;
};

double percentile(const Timings& timings, double part) {
  if (timings.nanoseconds.empty()) return 0;
  const auto last = static_cast<double>(timings.nanoseconds.size() - 1);
  const auto at = static_cast<std::size_t>(part * last + 0.5);
  return static_cast<double>(timings.nanoseconds[at]) / 1e3;
}

}  // namespace

Timings measure(const Work& work, const std::function<Signer()>& make_signer) {
  return Run(work, make_signer).go();
}

nlohmann::json report(const Work& work, const Timings& timings) {
  const auto count = static_cast<double>(timings.nanoseconds.size());
  return {{"threads", work.threads},
          {"signatures", timings.nanoseconds.size()},
          {"seconds", timings.seconds},
          {"perSecond", count / timings.seconds},
          {"microseconds",
           {{"p50", percentile(timings, 0.5)},
            {"p95", percentile(timings, 0.95)},
            {"p99", percentile(timings, 0.99)},
            {"p99.9", percentile(timings, 0.999)},
            {"max", percentile(timings, 1)}}}};
}

}  // namespace signet::bench
