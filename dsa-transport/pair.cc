#include "dsa-transport/pair.h"

#include <algorithm>
#include <numeric>

#include "dsa-transport/pair_call.h"

namespace signet::transport {

Pair::Pair(const std::vector<EndpointOptions>& members, Counters& counters) : counters_(counters) {
  for (const EndpointOptions& options : members) {
    members_.push_back(std::make_unique<Member>(options, counters));
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
  auto reply = PairCall(*this, call, request, reader).run();
  if (!reply) ++counters_.failures;
  return reply;
}

void Pair::abandon() {
  for (const auto& member : members_) member->abandon();
}

}  // namespace signet::transport
