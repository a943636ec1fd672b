#include "dsa-transport/pair.h"

#include <algorithm>
#include <numeric>

#include "dsa-transport/pair_call.h"

namespace signet::transport {

Pair::Pair(const std::vector<EndpointOptions>& members, bool may_repeat) : may_repeat_(may_repeat) {
  for (const EndpointOptions& options : members) {
    members_.push_back(std::make_unique<Member>(options));
  }
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
  ++calls_;
  auto reply = PairCall(*this, call, request, reader).run();
  if (!reply) ++failures_;
  return reply;
}

ApplianceFigures Pair::figures() const {
  ApplianceFigures figures{calls_, failures_, {}};
  for (const auto& member : members_) {
    figures.members.push_back({member->url(), member->counters().read()});
  }
  return figures;
}

void Pair::abandon() {
  for (const auto& member : members_) member->abandon();
}

}  // namespace signet::transport
