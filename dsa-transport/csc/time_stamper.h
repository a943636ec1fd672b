// Time-stamps that a service gives (signatures/timestamp; CSC API 1.0.4, 11.10; 2.0, 11.13).
#ifndef SIGNET_DSA_TRANSPORT_CSC_TIME_STAMPER_H_
#define SIGNET_DSA_TRANSPORT_CSC_TIME_STAMPER_H_

#include "common/mutex.h"
#include "dsa-transport/csc/service.h"

namespace signet::transport::csc {

// Whether info says that the service gives them.
bool names_time_stamps(const ServiceInfo& service);

// Thread-safe.
class TimeStamper {
 public:
  explicit TimeStamper(Service& service) : service_(service) {}

  // One request; repeated as a read is, since another time-stamp does no harm. Services forget to name the method in info:
  // one that does not name it is asked all the same, and not again where it turns out to have none, until it says more
  // (Service::fresh_info()).
  Task<Answer<TimeStamp>> stamp(TimeStampRequest request, Deadline deadline);

 private:
  Service& service_;
  Mutex mutex_;                                 // held only for moments
  InfoPtr lacks_it_ SIGNET_GUARDED_BY(mutex_);  // what it said of itself when it had none
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_TIME_STAMPER_H_
