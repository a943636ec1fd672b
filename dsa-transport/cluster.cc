#include "dsa-transport/cluster.h"

namespace signet::transport {

Verdict bad_answer(const https::Response& response, const WireError& error) {
  const Cause cause{response.status, {}, response.request_id};
  // Of the call's time the appliance knows nothing.
  if (error.out_of_time) {
    return {Verdict::Kind::refused, {Failure::timed_out, error.what, cause}};
  }
  return {Verdict::Kind::bad,
          {Failure::bad_answer, "the answer violates the contract and was not used: " + error.what,
           cause}};
}

Cluster::Cluster(Settings settings)
    : settings_(std::make_shared<const Settings>(std::move(settings))),
      pair_(std::make_shared<Pair>(*settings_, counters_, sockets_)) {}

void Cluster::reconfigure(const Settings& settings) {
  std::shared_ptr<Pair> former;  // its connections are closed on return, after the lock
  const MutexLock lock(mutex_);
  Settings next = settings;
  // Properties of the process, not of the configuration.
  next.user_agent = settings_->user_agent;
  next.may_create_threads = settings_->may_create_threads;
  next.may_repeat = settings_->may_repeat;
  settings_ = std::make_shared<const Settings>(std::move(next));
  former =
      std::exchange(pair_, std::make_shared<Pair>(*settings_, counters_, sockets_, pair_.get()));
}

std::shared_ptr<const Settings> Cluster::settings() const {
  const MutexLock lock(mutex_);
  return settings_;
}

std::shared_ptr<Pair> Cluster::pair() const {
  const MutexLock lock(mutex_);
  return pair_;
}

}  // namespace signet::transport
