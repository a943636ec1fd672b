// The members of a token's cluster as the calls of a dialect use them: settings that may change, and requests whose
// answers the dialect reads.
#ifndef SIGNET_DSA_TRANSPORT_CLUSTER_H_
#define SIGNET_DSA_TRANSPORT_CLUSTER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/mutex.h"
#include "dsa-transport/json_reader.h"
#include "dsa-transport/pair_call.h"

namespace signet::transport {

// What a response says, or the verdict on one that is not good.
template <typename T>
using Judged = Result<T, Verdict>;

// On an answer that breaks the contract, or that could not be read in time.
Verdict bad_answer(const https::Response& response, const WireError& error);

// A value that was read, judged.
template <typename T>
Judged<T> judged(Read<T> read, const https::Response& response) {
  if (!read) return bad_answer(response, read.error());
  return std::move(read).value();
}

// Reads a response with a function from it and the member's URL to a Judged<T>.
template <typename T, typename Reader>
class ReadingJudge final : public Judge {
 public:
  explicit ReadingJudge(Reader reader) : reader_(std::move(reader)) {}

  Verdict judge(const https::Response& response, const std::string& member_url) override {
    Judged<T> value = reader_(response, member_url);
    if (!value) return std::move(value).error();
    value_.emplace(std::move(value).value());
    return {};
  }

  T take_value() { return *std::move(value_); }

 private:
  Reader reader_;
  std::optional<T> value_;
};

// Thread-safe. Reaches for no network by itself.
class Cluster {
 public:
  explicit Cluster(Settings settings);

  // Members, client certificate, limits and the dialect's own settings from now on. Calls under way keep the pair that
  // they began with.
  void reconfigure(const Settings& settings);

  std::shared_ptr<const Settings> settings() const;
  config::Limits limits() const { return settings()->limits; }

  // Reads and small changes: twice what a signature gets, for lists may be long.
  Milliseconds common_attempt() const { return 2 * limits().sign_attempt; }

  ApplianceFigures figures() const { return counters_.read(); }

  // A request that this member may have carried out or not, for those who find that out by themselves.
  void count_uncertain(const std::string& member_url) { ++counters_.of(member_url).uncertain; }

  // See Appliance::abandon().
  void abandon() noexcept { sockets_.close_all(); }

  // Sends, and reads the answer with `reader` (see ReadingJudge). A member whose answer does not read is
  // treated as failing. Where a refusal may be the echo of an earlier attempt that was carried out, CallFailure says so.
  template <typename T, typename Reader>
  Task<Result<T, CallFailure>> ask(Call call, https::Request request, Reader reader) {
    const std::shared_ptr<Pair> members = pair();
    ReadingJudge<T, Reader> judge(std::move(reader));
    auto result = co_await PairCall(*members, call, request, judge).run();
    if (!result) co_return std::move(result).error();
    T value = judge.take_value();
    if constexpr (requires { value.trace; }) value.trace = std::move(result).value();
    co_return value;
  }

 private:
  std::shared_ptr<Pair> pair() const;

  CounterBook counters_;
  https::SocketTable sockets_;
  mutable Mutex mutex_;  // held only for moments
  std::shared_ptr<const Settings> settings_ SIGNET_GUARDED_BY(mutex_);
  std::shared_ptr<Pair> pair_ SIGNET_GUARDED_BY(mutex_);
};

// The answer without the question whether it was repeated.
template <typename T>
Answer<T> plain(Result<T, CallFailure> result) {
  if (!result) return std::move(result).error().error;
  return std::move(result).value();
}

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_CLUSTER_H_
