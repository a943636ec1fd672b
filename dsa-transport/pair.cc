#include "dsa-transport/pair.h"

#include <algorithm>
#include <numeric>

#include "dsa-transport/pair_call.h"

namespace signet::transport {

Pair::Pair(const std::vector<EndpointOptions>& members, CounterBook& counters, SocketTable& sockets,
           bool may_repeat)
    : counters_(counters), may_repeat_(may_repeat) {
  for (const EndpointOptions& options : members) {
    members_.push_back(std::make_shared<Member>(options, counters.of(options.member.url), sockets));
  }
}

Pair::Pair(const std::vector<EndpointOptions>& members, CounterBook& counters, SocketTable& sockets,
           const Pair& former)
    : counters_(counters), may_repeat_(former.may_repeat_) {
  const std::string primary =
      former.members_.empty() ? std::string() : former.members_.at(former.primary_)->url();
  for (const EndpointOptions& options : members) {
    auto same = former.find(options);
    members_.push_back(
        same ? std::move(same)
             : std::make_shared<Member>(options, counters.of(options.member.url), sockets));
    if (options.member.url == primary) primary_ = members_.size() - 1;
  }
}

std::shared_ptr<Member> Pair::find(const EndpointOptions& options) const {
  const auto same = std::ranges::find_if(
      members_, [&](const auto& member) { return member->options() == options; });
  return same == members_.end() ? nullptr : *same;
}

std::vector<std::size_t> Pair::order(Access access) const {
  std::vector<std::size_t> order(members_.size());
  std::iota(order.begin(), order.end(), 0U);
  if (access == Access::write) {
    const std::size_t primary = primary_;
    std::ranges::stable_partition(order, [&](std::size_t i) { return i == primary; });
  } else {
    std::ranges::stable_partition(order,
                                  [&](std::size_t i) { return !members_[i]->is_doubtful(); });
  }
  return order;
}

CallResult Pair::call(const Call& call, const HttpRequest& request, const AnswerReader& reader) {
  ++counters_.calls;
  auto reply = PairCall(*this, call, request, reader).run();
  if (!reply) ++counters_.failures;
  return reply;
}

}  // namespace signet::transport
