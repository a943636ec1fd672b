#include "dsa-transport/pair.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace signet::transport {

Pair::Pair(const Settings& settings, CounterBook& counters, https::SocketTable& sockets,
           const Pair* former)
    : counters_(counters), may_repeat_(settings.may_repeat) {
  const std::string primary = former == nullptr || former->members_.empty()
                                  ? std::string()
                                  : former->members_.at(former->primary_)->url();
  for (const config::MemberConfig& member : settings.members) {
    MemberOptions options(settings, member);
    auto same = former == nullptr ? nullptr : former->find(options);
    if (!same)
      same = std::make_shared<Member>(std::move(options), counters.of(member.url), sockets);
    members_.push_back(std::move(same));
    if (member.url == primary) primary_ = members_.size() - 1;
  }
}

std::shared_ptr<Member> Pair::find(const MemberOptions& options) const {
  const auto same = std::ranges::find_if(
      members_, [&](const auto& member) { return member->options() == options; });
  return same == members_.end() ? nullptr : *same;
}

Pair::Order Pair::order(Access access) const {
  Order order(members_.size());
  std::iota(order.begin(), order.end(), 0U);
  if (access == Access::write) {
    const std::size_t primary = primary_;
    std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return i == primary; });
  } else {
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t i) { return !members_[i]->is_doubtful(); });
  }
  return order;
}

}  // namespace signet::transport
