#include "timestamps/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "crypto/algorithm_table.h"
#include "timestamps/desk.h"
#include "timestamps/request.h"

namespace signet::timestamps {

namespace {

StampResult failed(std::string sentence) {
  StampError error;
  error.sentence = std::move(sentence);
  return StampResult(std::move(error));
}

StampResult failed(std::vector<Miss> misses) {
  std::string sentence = "no authority gave a usable time-stamp: ";
  for (const Miss& miss : misses) {
    if (&miss != &misses.front()) sentence += "; ";
    sentence += fmt::format("{}: {}", miss.authority, miss.sentence);
  }
  StampError error;
  error.sentence = std::move(sentence);
  error.misses = std::move(misses);
  return StampResult(std::move(error));
}

}  // namespace

Client::Client(std::vector<Authority> authorities, std::shared_ptr<crypto::Context> context,
               ClientOptions options) {
  for (Authority& authority : authorities) {
    desks_.push_back(std::make_unique<Desk>(std::move(authority), context, options, sockets_));
  }
}

Client::~Client() = default;

Task<StampResult> Client::start_stamp(crypto::Hash hash, Bytes imprint, Deadline deadline,
                                      KeyService service) {
  if (desks_.empty()) co_return failed("no time-stamp authority is configured");
  // What is wrong with the digest is wrong for each of them.
  if (const auto trial = make_request(hash, imprint, {}); !trial) co_return failed(trial.error());
  std::vector<Desk*> order;
  for (const auto& desk : desks_) order.push_back(desk.get());
  std::ranges::stable_partition(order, [](const Desk* desk) { return !desk->is_resting(); });
  std::vector<Miss> misses;
  for (Desk* const desk : order) {
    if (deadline.passed()) {
      misses.push_back(desk->out_of_time());
      continue;
    }
    Desk::Outcome outcome = co_await desk->stamp(hash, imprint, deadline, service);
    if (outcome) co_return StampResult(std::move(outcome).value());
    misses.push_back(std::move(outcome).error());
  }
  co_return failed(std::move(misses));
}

StampResult Client::stamp(crypto::Hash hash, ByteView imprint, Deadline deadline,
                          const KeyService& service) {
  return start_stamp(hash, copy_of(imprint), deadline, service).finish();
}

Result<void, StampError> Client::check_ready(crypto::Hash hash, Deadline deadline,
                                             const KeyService& service) {
  std::vector<Miss> misses;
  for (const auto& desk : desks_)
    if (auto miss = desk->last_miss()) misses.push_back(*std::move(miss));
  if (misses.size() < desks_.size()) return success();
  if (!desks_.empty() &&
      std::ranges::all_of(desks_, [](const auto& desk) { return desk->is_resting(); }))
    return failed(std::move(misses)).error();
  Bytes imprint(crypto::digest_size(hash));
  if (const auto filled = crypto::random_bytes(imprint); !filled)
    return failed(filled.error().sentence).error();
  const auto trial = stamp(hash, imprint, deadline, service);
  if (!trial) return trial.error();
  return success();
}

std::vector<AuthorityStatistics> Client::statistics() const {
  std::vector<AuthorityStatistics> all;
  for (const auto& desk : desks_) all.push_back(desk->statistics());
  return all;
}

}  // namespace signet::timestamps
