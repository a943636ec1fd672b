// One call on its way through the members of a pair: rounds of attempts until one ends it.
#ifndef SIGNET_DSA_TRANSPORT_PAIR_CALL_H_
#define SIGNET_DSA_TRANSPORT_PAIR_CALL_H_

#include <optional>
#include <vector>

#include "common/task.h"
#include "dsa-transport/pair.h"

namespace signet::transport {

class PairCall {
 public:
  // All of them outlive it.
  PairCall(Pair& pair, const Call& call, https::Request& request, Judge& judge)
      : pair_(pair), call_(call), request_(request), judge_(judge) {}

  Task<CallResult> run();

 private:
  // What the members said in one round; the most telling of them decides what comes next.
  struct Round {
    std::optional<ApplianceError> busy;
    std::optional<ApplianceError> slow;       // no answer in time
    std::optional<ApplianceError> cut;        // connection lost on the way
    std::optional<ApplianceError> fault;      // a bad or a failing answer
    std::optional<ApplianceError> alternate;  // a write reached the alternate
    std::optional<ApplianceError> untrusted;
    std::optional<ApplianceError> unreachable;
    Milliseconds retry_after{0};
  };

  // One pass over all members. Like attempt(), true where the call has ended: `result_` says how.
  Task<bool> run_round();
  Task<bool> attempt(std::size_t position, Milliseconds connect);
  bool take_response(std::size_t position, const https::Response& response);
  void take_fault(Member& member, const https::Fault& fault);
  void take_trouble(const Member& member);

  // The end of a call that is made only once and whose latest attempt may have had its effect.
  CallFailure uncertain(Member& member);

  // How long to wait before the next round; nothing where there is to be none.
  std::optional<Milliseconds> pause_before_next() const;
  std::optional<Milliseconds> wanted_pause() const;

  // The deadline cuts no attempt that had little chance of an answer where that would leave unknown what it did, or hide that
  // the service is busy.
  Milliseconds least_attempt() const;
  bool may_be_repeated(const https::Response& response) const {
    return may_have_arrived_ || has_faulted_ || response.may_be_repeated;
  }
  ApplianceError final_error() const;

  // Why there is no answer yet; null where nothing was tried.
  const ApplianceError* most_telling() const;

  // Counts and logs an attempt without a good answer.
  void note(Member& member, const ApplianceError& error);
  static ApplianceError error_at(const Member& member, ApplianceError error);

  Pair& pair_;
  const Call& call_;
  https::Request& request_;
  Judge& judge_;

  CallResult result_ = Trace{};
  Round round_;
  std::optional<ApplianceError> last_error_;   // of any round
  unsigned rounds_ = 0;                        // that are over
  std::optional<std::size_t> first_position_;  // of the first attempt
  SteadyTime began_{};                         // the current attempt
  Milliseconds longest_answer_{0};
  bool may_have_arrived_ = false;  // an attempt that got no answer may have had its effect
  bool has_faulted_ = false;       // an attempt was answered with a fault, whatever became of it
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_PAIR_CALL_H_
