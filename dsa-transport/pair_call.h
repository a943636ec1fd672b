// One call on its way through the members of a pair: rounds of attempts until one ends it.
#ifndef SIGNET_DSA_TRANSPORT_PAIR_CALL_H_
#define SIGNET_DSA_TRANSPORT_PAIR_CALL_H_

#include <optional>
#include <vector>

#include "dsa-transport/pair.h"
#include "dsa-transport/native/problem.h"

namespace signet::transport {

using namespace native;

class PairCall {
 public:
  PairCall(Pair& pair, const Call& call, const HttpRequest& request, const AnswerReader& reader)
      : pair_(pair), call_(call), request_(request), reader_(reader) {}

  CallResult run();

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

  // One pass over all members; an answer where one is final.
  std::optional<CallResult> run_round();
  std::optional<CallResult> attempt(std::size_t position, Milliseconds connect);
  std::optional<CallResult> take_answer(std::size_t position, HttpAnswer answer);
  void take_fault(Member& member, const TransferFault& fault);
  void take_problem(Member& member, const HttpAnswer& answer, const Problem& problem);
  void take_trouble(const Member& member);

  // How long to wait before the next round; nothing where there is to be none.
  std::optional<Milliseconds> pause_before_next() const;
  bool may_be_repeated(const HttpAnswer& answer) const {
    return may_have_arrived_ || has_faulted_ || answer.may_be_repeated;
  }
  CallFailure final_failure() const;
  ApplianceError final_error() const;

  // Why there is no answer yet; null where nothing was tried.
  const ApplianceError* most_telling() const;

  // Counts and logs an attempt without a good answer.
  void note(Member& member, const ApplianceError& error);
  ApplianceError error_at(const Member& member, Failure failure, std::string_view sentence,
                          Cause cause = {}) const;

  Pair& pair_;
  const Call& call_;
  const HttpRequest& request_;
  const AnswerReader& reader_;

  Round round_;
  std::optional<ApplianceError> last_error_;  // of any round
  unsigned rounds_ = 0;                       // that are over
  unsigned attempts_ = 0;                     // of all rounds
  std::size_t first_position_ = 0;
  SteadyTime began_{};             // the current attempt
  bool may_have_arrived_ = false;  // an attempt that got no answer may have had its effect
  bool has_faulted_ = false;       // an attempt was answered with a fault, whatever became of it
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_PAIR_CALL_H_
