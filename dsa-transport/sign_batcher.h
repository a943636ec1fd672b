// Signatures that wait for a connection travel together: while as many requests are under way as a
// member may have connections, those for the same key and algorithm become one request. Nothing
// waits while there is room.
#ifndef SIGNET_DSA_TRANSPORT_SIGN_BATCHER_H_
#define SIGNET_DSA_TRANSPORT_SIGN_BATCHER_H_

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "dsa-transport/appliance.h"

namespace signet::transport {

// Thread-safe. Starts no thread: the calling threads send for each other.
class SignBatcher {
 public:
  // Sends one request; called without a lock, by several threads at once.
  using Send = std::function<Answer<Signatures>(const Credential& who, const SignRequest& request,
                                                Deadline deadline)>;

  // `room`: requests under way at once before others wait and gather; at least 1. A member that
  // stopped answering keeps its requests until their time is over: who waited for `patience` goes on
  // as if there were room, and the pair sends it to the other member.
  SignBatcher(Send send, std::size_t room, Milliseconds patience = Milliseconds(500));
  SignBatcher(const SignBatcher&) = delete;
  SignBatcher& operator=(const SignBatcher&) = delete;

  // For the next ones.
  void change_room(std::size_t room) { room_ = std::max<std::size_t>(room, 1); }

  // Digests that one request may carry; nothing is gathered until told.
  void learn_most_digests(std::size_t most) { most_digests_ = most; }

  // True for one caller at a time where there is no room and nobody told how many digests a request may carry: it
  // should find out. True again after a while, where nobody told even then.
  bool should_ask_for_most_digests();

  // Returns by the deadline. A request that the appliance refuses for its content fails alone: the
  // others of its batch are sent again, each by itself. Requests with a second credential or with
  // several digests are sent as they are.
  Answer<Signatures> sign(const Credential& who, const SignRequest& request, Deadline deadline);

  // Signatures that wait for room at this moment.
  std::size_t waiting() const;

 private:
  struct Waiting {
    enum class State {
      queued,
      leads,    // sends for itself and its companions
      follows,  // a leader sends for it
      alone,    // sends for itself
      done,     // `answer` is there
      gone,     // its time was over before its leader's answer came
    };

    Waiting(const Credential& its_who, const SignRequest& its_request)
        : who(its_who), request(its_request) {}

    // Valid as long as the state is `queued`: its thread may be gone later.
    const Credential& who;
    const SignRequest& request;

    State state = State::queued;
    std::condition_variable changed;
    std::vector<std::shared_ptr<Waiting>> companions;  // of a leader
    SignRequest together;                              // of a leader: all digests, its own first
    std::optional<Answer<Signatures>> answer;
  };
  using Lock = std::unique_lock<std::mutex>;

  Answer<Signatures> send(const Credential& who, const SignRequest& request,
                          Deadline deadline) noexcept;
  Answer<Signatures> send_alone(const Credential& who, const SignRequest& request,
                                Deadline deadline);
  Answer<Signatures> send_together(Waiting& leader, const Credential& who,
                                   const SignRequest& request, Deadline deadline);
  Answer<Signatures> wait(Lock& lock, const std::shared_ptr<Waiting>& self, Deadline deadline);
  void hand_out(const Waiting& leader, const Answer<Signatures>& answer);

  // A request has ended: its room goes to the first who waits.
  void leave() noexcept;
  void gather_locked(Waiting& leader) noexcept;

  static void take_share(Waiting& companion, const Signatures& all, std::size_t place) noexcept;
  static void take_failure(Waiting& companion, const ApplianceError& failure) noexcept;

  const Send send_;
  std::atomic<std::size_t> room_;
  const Milliseconds patience_;
  std::atomic<std::size_t> most_digests_{0};  // 0: not known

  mutable std::mutex mutex_;
  std::size_t under_way_ = 0;
  std::optional<SteadyTime> asked_at_;
  std::deque<std::shared_ptr<Waiting>> queue_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_SIGN_BATCHER_H_
