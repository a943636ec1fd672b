// Signatures that wait for a connection travel together: while as many requests are under way as a
// member may have connections, those for the same key and algorithm become one request. Nothing
// waits while there is room.
#ifndef SIGNET_DSA_TRANSPORT_SIGN_BATCHER_H_
#define SIGNET_DSA_TRANSPORT_SIGN_BATCHER_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "common/mutex.h"
#include "common/task.h"
#include "common/wakeup.h"
#include "dsa-transport/appliance.h"

namespace signet::transport {

// Thread-safe. Starts no thread: the task of one signature sends for others too.
class SignBatcher {
 public:
  // Sends one request; called without a lock, by several threads at once.
  using Send = std::function<Task<Answer<Signatures>>(
      const Credential& who, const SignRequest& request, Deadline deadline)>;

  // How many digests of this request's key one request may carry, where keys differ. Called with a lock held: it answers
  // at once and throws nothing.
  using MostDigests = std::function<std::size_t(const SignRequest& request)>;

  // `room`: requests under way at once before others wait and gather; at least 1. A member that
  // stopped answering keeps its requests until their time is over: who waited for `patience` while none ended goes on
  // as if there were room, with others of its kind, and the pair sends it to the other member.
  SignBatcher(Send send, std::size_t room, Milliseconds patience = Milliseconds(500),
              MostDigests most_digests_of = {});
  SignBatcher(const SignBatcher&) = delete;
  SignBatcher& operator=(const SignBatcher&) = delete;

  // For the next ones.
  void change_room(std::size_t room) { room_ = std::max<std::size_t>(room, 1); }

  // Digests that one request may carry, whatever its key; nothing is gathered until told.
  void learn_most_digests(std::size_t most) { most_digests_ = most; }

  // True for one caller at a time where there is no room and nobody told how many digests a request may carry: it
  // should find out. True again after a while, where nobody told even then.
  bool should_ask_for_most_digests();

  // Done by the deadline. A request that the appliance refuses for its content fails alone: the
  // others of its batch are sent again, each by itself. A batch goes on where the task that sent it is destroyed: another of
  // its tasks waits for the answer. Requests with a second credential, an idempotency key or several digests are sent as they are.
  Task<Answer<Signatures>> sign(const Credential& who, const SignRequest& request,
                                Deadline deadline);

  // Signatures that wait for room at this moment.
  std::size_t waiting() const;

 private:
  struct Entry;

  // A request for several. What it needs is its own: who began it may be gone. Guarded by the batcher's mutex, but for the task
  // and, once that was begun, what it was given.
  struct Batch {
    // Who leaves before the request was begun takes its digest along.
    void forget(const Entry& entry) noexcept;

    Credential who;
    SignRequest together;         // digests and records of all
    std::vector<Entry*> entries;  // in the order of the digests; null: gone
    bool begun = false;
    std::optional<Task<Answer<Signatures>>> task = {};  // of the one who sends
  };

  // One signature, for as long as its task lives. Its end gives back whatever it has, and lets go of whoever
  // depends on it. All but the first three are guarded by the batcher's mutex.
  struct Entry {
    enum class State {
      queued,
      sends,    // for itself and the others of its batch
      follows,  // another of its batch sends
      done,     // `answer` is there
    };

    Entry(SignBatcher& its_batcher, const Credential& its_who, const SignRequest& its_request);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    void become(State next) noexcept;

    SignBatcher& batcher;
    const Credential& who;
    const SignRequest& request;

    State state = State::sends;
    std::optional<Wakeup> wakeup;  // of one that was queued
    SteadyTime queued_at{};
    std::shared_ptr<Batch> batch;  // of one that sends or follows; null: it goes alone
    std::optional<Answer<Signatures>> answer;
  };

  std::size_t most_digests_of(const SignRequest& request) const;
  struct Look {
    Entry::State state;
    SteadyTime patient_until;  // of one that is queued
  };

  void enter(Entry& entry);
  void leave(Entry& entry) noexcept;
  Look look_at(Entry& entry);
  void stop_waiting(Entry& entry);

  void begin(Batch& batch);

  // The next answer for whoever sends.
  Task<Answer<Signatures>> ask(Entry& entry, Deadline deadline);

  // Of a batch's answer to all; the share of the one who sent it, or nothing where each has to go by itself.
  std::optional<Answer<Signatures>> hand_out(Entry& sender, const Answer<Signatures>& answer);

  // A request has ended: its room goes to the first who waits.
  void give_up_room() noexcept SIGNET_REQUIRES(mutex_);
  void gather(Entry& leader) noexcept SIGNET_REQUIRES(mutex_);
  // Another of the batch sends from now on; false: there is none.
  static bool pass_on(Entry& sender) noexcept;

  const Send send_;
  std::atomic<std::size_t> room_;
  const Milliseconds patience_;
  const MostDigests most_digests_of_;         // may be empty
  std::atomic<std::size_t> most_digests_{0};  // 0: not known

  mutable Mutex mutex_;
  std::size_t under_way_ SIGNET_GUARDED_BY(mutex_) = 0;
  SteadyTime ended_at_ SIGNET_GUARDED_BY(mutex_){};  // the latest request
  std::optional<SteadyTime> asked_at_ SIGNET_GUARDED_BY(mutex_);
  std::deque<Entry*> queue_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_SIGN_BATCHER_H_
