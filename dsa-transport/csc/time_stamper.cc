#include "dsa-transport/csc/time_stamper.h"

#include <fmt/format.h>

#include <utility>

#include "crypto/algorithm_table.h"

namespace signet::transport::csc {

namespace {

constexpr std::string_view kMethod = "signatures/timestamp";

ApplianceError not_offered() {
  return {Failure::not_supported,
          "the service gives no time-stamps (signatures/timestamp); name the URL of a time-stamp "
          "authority",
          {}};
}

// What cannot be sent.
std::optional<ApplianceError> complaint_about(const TimeStampRequest& request) {
  if (oid_of(request.hash).empty()) {
    return ApplianceError{Failure::bad_parameter, "a time-stamp is made of a digest", {}};
  }
  const std::size_t size = crypto::digest_size(request.hash);
  if (request.digest.size() != size) {
    return ApplianceError{
        Failure::digest_length,
        fmt::format("a {} digest has {} bytes", crypto::hash_name(request.hash), size),
        {}};
  }
  if (request.nonce.size() > kLongestNonce) {
    return ApplianceError{Failure::bad_parameter, "the nonce is longer than 64 bytes", {}};
  }
  return std::nullopt;
}

}  // namespace

bool names_time_stamps(const ServiceInfo& service) {
  return service.names(kMethod);
}

Task<Answer<TimeStamp>> TimeStamper::stamp(TimeStampRequest request, Deadline deadline) {
  if (auto complaint = complaint_about(request)) co_return *std::move(complaint);
  const auto known = co_await service_.info(deadline);
  if (!known) co_return known.error();
  const InfoPtr& service = known.value();
  {
    const MutexLock lock(mutex_);
    if (lacks_it_ == service) co_return not_offered();
  }
  const Call call{"timestamp", Access::read, service_.cluster.common_attempt(), deadline};
  const auto body = [&] { return time_stamp_body(request); };
  const auto read = [](const https::Response& response) { return read_time_stamp(response.body); };
  auto attempt = co_await service_.post<TimeStamp>(call, "/signatures/timestamp", body, read,
                                                   Service::Absent::not_offered);
  if (attempt.result) co_return std::move(attempt.result).value();
  ApplianceError error = std::move(attempt.result).error().error;
  if (error.failure == Failure::not_supported && !names_time_stamps(*service)) {
    const MutexLock lock(mutex_);
    lacks_it_ = service;
  }
  if (error.failure == Failure::not_supported) error.sentence = not_offered().sentence;
  co_return error;
}

}  // namespace signet::transport::csc
