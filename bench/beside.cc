#include "bench/beside.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include "bench/figures.h"

namespace signet::bench {

namespace {

using BesideClock = std::chrono::steady_clock;
using ProcessorTimes = std::map<std::string, std::uint64_t>;  // nanoseconds, by process

constexpr std::array<const char*, 5> kNames{"module", "verified", "bare", "rawVerified", "raw"};
constexpr std::size_t kWithoutRaw = 3;  // another dialect's request is not made by OpenSSL alone

double seconds_since(BesideClock::time_point began) {
  return std::chrono::duration<double>(BesideClock::now() - began).count();
}

// What one thread did in the turn that is being measured.
struct ThreadTurn {
  std::vector<std::uint64_t> nanoseconds;
  double seconds = 0;  // until its own last signature: others may end a little later
};

// What one contender has done so far.
struct Tally {
  std::vector<std::uint64_t> nanoseconds;
  std::vector<double> rates;  // of each turn
  double seconds = 0;
  std::uint64_t requests = 0;
  std::uint64_t answers = 0;
  std::uint64_t service_microseconds = 0;
  ProcessorTimes processors;
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

class Turns {
 public:
  Turns(const BesideOptions& options, const ModuleOptions& module, const FloorOptions& floor)
      : options_(options),
        module_(module),
        floor_(floor),
        counters_(options.counters_url),
        tallies_(floor.request_file.empty() ? kNames.size() : kWithoutRaw),
        turn_(options.threads),
        gate_(static_cast<std::ptrdiff_t>(options.threads) + 1) {
    options_.processes["driver"] = getpid();
  }

  boost::json::object run() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < options_.threads; ++i) {
      threads.emplace_back([this, i] { work(i); });
    }
    gate_.arrive_and_wait();  // warm
    std::vector<std::size_t> order(tallies_.size());
    std::iota(order.begin(), order.end(), 0);
    // Nobody always comes first, and nobody always follows the same one.
    while (!failed_ && tallies_[0].seconds < options_.seconds) {
      for (const std::size_t contender : order) take_turn(contender);
      std::ranges::next_permutation(order);
    }
    over_ = true;
    gate_.arrive_and_wait();
    for (auto& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    return result();
  }

 private:
  void take_turn(std::size_t contender) {
    current_ = contender;
    const ApplianceFigures before = counters_.read();
    const ProcessorTimes processors_before = processor_times();
    const auto began = BesideClock::now();
    gate_.arrive_and_wait();
    gate_.arrive_and_wait();
    const double seconds = seconds_since(began);
    const ProcessorTimes processors = processor_times();
    const ApplianceFigures after = counters_.read();

    Tally& tally = tallies_.at(contender);
    tally.seconds += seconds;
    tally.requests += after.requests - before.requests;
    tally.answers += after.answers - before.answers;
    tally.service_microseconds += after.service_microseconds - before.service_microseconds;
    for (const auto& [name, time] : processors) {
      tally.processors[name] += time - processors_before.at(name);
    }
    double rate = 0;
    for (const ThreadTurn& turn : turn_) {
      if (!turn.nanoseconds.empty()) {
        rate += static_cast<double>(turn.nanoseconds.size()) / turn.seconds;
      }
      tally.nanoseconds.insert(tally.nanoseconds.end(), turn.nanoseconds.begin(),
                               turn.nanoseconds.end());
    }
    tally.rates.push_back(rate);
  }

  void work(std::size_t thread) {
    std::vector<Signer> signers;
    std::size_t number = 0;
    guarded([&] {
      signers = {module_.signer(), floor_.signer(true), floor_.signer(false)};
      if (tallies_.size() > kWithoutRaw) {
        signers.push_back(floor_.raw_signer(true));
        signers.push_back(floor_.raw_signer(false));
      }
      for (const Signer& signer : signers) {
        for (std::size_t i = 0; i < options_.warm_up; ++i) signer(data_of(thread, ++number));
      }
    });
    gate_.arrive_and_wait();
    for (;;) {
      gate_.arrive_and_wait();
      if (over_) return;
      ThreadTurn& turn = turn_[thread];
      turn.nanoseconds.clear();
      guarded([&] { sign_for_a_turn(signers.at(current_), turn, thread, number); });
      gate_.arrive_and_wait();
    }
  }

  void sign_for_a_turn(const Signer& signer, ThreadTurn& turn, std::size_t thread,
                       std::size_t& number) {
    constexpr double milliseconds = 1e3;
    const auto began = BesideClock::now();
    while (!failed_ && turn.nanoseconds.size() < options_.turn_signatures &&
           seconds_since(began) * milliseconds < options_.turn_milliseconds) {
      const Bytes data = data_of(thread, ++number);
      const auto one = BesideClock::now();
      signer(data);
      const auto span = std::chrono::nanoseconds(BesideClock::now() - one);
      turn.nanoseconds.push_back(static_cast<std::uint64_t>(span.count()));
    }
    turn.seconds = seconds_since(began);
  }

  // A thread that failed still comes to the gate, or the others would wait for it.
  template <typename Action>
  void guarded(const Action& action) {
    try {
      action();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      failed_ = true;
    }
  }

  ProcessorTimes processor_times() const {
    ProcessorTimes times;
    for (const auto& [name, process] : options_.processes) {
      times[name] = processor_nanoseconds(process);
    }
    return times;
  }

  boost::json::object result() {
    boost::json::object result;
    for (std::size_t i = 0; i < tallies_.size(); ++i) {
      Tally& tally = tallies_.at(i);
      std::ranges::sort(tally.nanoseconds);
      const double signatures = std::max(static_cast<double>(tally.nanoseconds.size()), 1.0);
      const double answers = std::max(static_cast<double>(tally.answers), 1.0);
      boost::json::object processors;
      std::uint64_t all = 0;
      for (const auto& [name, time] : tally.processors) {
        processors[name] = static_cast<double>(time) / 1e3 / signatures;
        all += time;
      }
      const double cores = std::max(std::thread::hardware_concurrency(), 1U);
      result[kNames.at(i)] = {
          {"threads", options_.threads},
          {"signatures", tally.nanoseconds.size()},
          {"turns", tally.rates.size()},
          {"seconds", tally.seconds},
          {"perSecond", median(tally.rates)},
          {"microseconds", percentiles(tally.nanoseconds)},
          {"requests", tally.requests},
          {"serviceMicroseconds", static_cast<double>(tally.service_microseconds) / answers},
          {"processorMicrosecondsPerSignature", processors},
          {"processorsBusy", static_cast<double>(all) / 1e9 / tally.seconds / cores}};
    }
    return result;
  }

  BesideOptions options_;
  const SigningModule module_;
  const Floor floor_;
  ApplianceCounters counters_;
  std::vector<Tally> tallies_;
  std::vector<ThreadTurn> turn_;
  std::barrier<> gate_;
  std::size_t current_ = 0;  // written between turns only
  bool over_ = false;        // as well
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  // guards failure_
  std::exception_ptr failure_;
};

}  // namespace

boost::json::object measure_beside(const BesideOptions& options, const ModuleOptions& module,
                                   const FloorOptions& floor) {
  return Turns(options, module, floor).run();
}

}  // namespace signet::bench
