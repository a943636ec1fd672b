// The request in which one digest goes to the appliance. With it the same request can be made again, by another process too, and
// gets the same answer under the same idempotency key (Appliance::repeatable_for()).
#ifndef SIGNET_DSA_TRANSPORT_SIGN_RECORD_H_
#define SIGNET_DSA_TRANSPORT_SIGN_RECORD_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/mutex.h"
#include "dsa-transport/appliance.h"

namespace signet::transport {

// Whether one digest of several may be to blame: then each goes by itself.
inline bool blames_content(Failure failure) {
  return failure == Failure::bad_parameter || failure == Failure::digest_length;
}

// The idempotency key of one digest that goes alone after the request that had it among others was refused: whoever knows that
// request knows it (a UUID of RFC 9562, version 8).
std::string lone_key(std::string_view batch_key, std::size_t position);

// Thread-safe.
class SignRecord {
 public:
  struct Sent {
    std::shared_ptr<const SignRequest> request;  // whole, with its idempotency key
    std::size_t position = 0;                    // of this digest among its digests
  };

  // The words in which it goes where it goes alone. After a refusal it may go again, in other words.
  void begin(const SignRequest& words) {
    auto copy = copy_of_words(words);
    const MutexLock lock(mutex_);
    state_ = State::fresh;
    sent_ = {std::move(copy), 0};
  }

  // How it went, or is going to go: where nothing was sent yet, it goes alone and under `fresh_key` from now on. Nothing while it
  // is about to leave together with others.
  std::optional<Sent> settle(std::string fresh_key) {
    const MutexLock lock(mutex_);
    if (state_ == State::joined || !sent_.request) return std::nullopt;
    if (state_ == State::fresh) {
      sent_.request = with_key(*sent_.request, std::move(fresh_key));
      state_ = State::settled;
    }
    return sent_;
  }

  // --- For who sends ---------------------------------------------------------------------------------
  // It leaves with others; false where it goes alone.
  bool join() noexcept {
    const MutexLock lock(mutex_);
    if (state_ == State::fresh) state_ = State::joined;
    return state_ == State::joined;
  }

  // It leaves now, like this, unless it was settled how: the key under which it has to go. After a request for several that was
  // refused, the one that follows from it. Of several that leave together none
  // was settled, for they have joined.
  std::string depart(Sent sent) {
    const MutexLock lock(mutex_);
    const bool was_refused = state_ == State::sent && sent_.request->digests.size() > 1;
    if (was_refused && sent.request->digests.size() == 1) {
      auto key = lone_key(sent_.request->idempotency_key, sent_.position);
      sent_ = {with_key(*sent.request, std::move(key)), sent.position};
    } else if (state_ != State::settled) {
      sent_ = std::move(sent);
    }
    state_ = State::sent;
    return sent_.request->idempotency_key;
  }

  // The request as it is to be kept: under that key, without what belongs to this process.
  static std::shared_ptr<const SignRequest> with_key(const SignRequest& request, std::string key) {
    auto copy = copy_of_words(request);
    copy->idempotency_key = std::move(key);
    return copy;
  }

 private:
  enum class State {
    fresh,
    joined,   // it is about to leave with others
    settled,  // it was not sent yet, and is known to go alone
    sent,
  };

  static std::shared_ptr<SignRequest> copy_of_words(const SignRequest& words) {
    auto copy = std::make_shared<SignRequest>(words);
    copy->sign_password.reset();
    copy->records.clear();
    return copy;
  }

  mutable Mutex mutex_;  // held for moments and with no other
  State state_ SIGNET_GUARDED_BY(mutex_) = State::fresh;
  Sent sent_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_SIGN_RECORD_H_
