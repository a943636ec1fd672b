// What the calls of this dialect share.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_STATE_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_STATE_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/mutex.h"
#include "dsa-transport/native/der_check.h"
#include "dsa-transport/native/json_reader.h"
#include "dsa-transport/pair_call.h"
#include "dsa-transport/sign_batcher.h"

namespace signet::transport::native {

// How long a signature of each key is, as far as the appliance has told; for checking answers.
class SignatureSizes {
 public:
  void learn(const KeyInfo& key);
  void learn(const std::vector<KeyInfo>& keys);  // in place of what was known

  // Bytes; nothing for a key never seen.
  std::optional<std::size_t> find(const std::string& key_id) const;

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::size_t> sizes_ SIGNET_GUARDED_BY(mutex_);
};

// Of responses that are no success: what the status and the body say.
Verdict verdict_of_failure(const https::Response& response);

// Of one that breaks the contract, or that could not be read in time.
Verdict bad_response(const https::Response& response, const WireError& error);

// Reads what a success says with a function from a Response, and maybe the member's URL, to a Read<T>.
template <typename T, typename Reader>
class ReadingJudge final : public Judge {
 public:
  explicit ReadingJudge(Reader reader) : reader_(std::move(reader)) {}

  Verdict judge(const https::Response& response, const std::string& member_url) override {
    const bool success = response.status >= 200 && response.status < 300;
    if (!success && response.status != https::kNotModified) return verdict_of_failure(response);
    Read<T> value = read(response, member_url);
    if (!value) return bad_response(response, value.error());
    value_ = std::move(value).value();
    return {};
  }

  T take_value() { return *std::move(value_); }

 private:
  Read<T> read(const https::Response& response, const std::string& member_url) {
    if constexpr (std::is_invocable_v<Reader, const https::Response&, const std::string&>) {
      return reader_(response, member_url);
    } else {
      return reader_(response);
    }
  }

  Reader reader_;
  std::optional<T> value_;
};

struct State {
  explicit State(Settings settings);

  CounterBook counters;
  https::SocketTable sockets;
  SignatureSizes signature_sizes;
  SignBatcher sign_batcher;

  // Calls under way keep the pair that they began with.
  void reconfigure(const Settings& settings);
  std::shared_ptr<Pair> pair() const;
  config::Limits limits() const;

  const DerCheck& der() const { return der_; }

  // Reads and small changes: twice what a signature gets, for lists may be long.
  Milliseconds common_attempt() const { return 2 * limits().sign_attempt; }

  // Sends, and reads the answer with `reader` (see ReadingJudge). A member whose answer does not read is
  // treated as failing. Where a refusal may be the echo of an earlier attempt that was carried out, CallFailure says so.
  template <typename T, typename Reader>
  Task<Result<T, CallFailure>> ask(Call call, https::Request request, Reader reader) {
    const std::shared_ptr<Pair> members = pair();
    ReadingJudge<T, Reader> judge(std::move(reader));
    auto result = co_await PairCall(*members, call, request, judge).run();
    if (!result) co_return std::move(result).error();
    T value = judge.take_value();
    if constexpr (requires { value.trace; }) value.trace = std::move(result).value();
    co_return value;
  }

  // For calls that answer 204.
  Task<Result<Trace, CallFailure>> tell(Call call, https::Request request);

  // One signing request, whose form was checked.
  Task<Answer<Signatures>> send_sign(const Credential& who, const SignRequest& request,
                                     Deadline deadline);

 private:
  mutable Mutex mutex_;  // held only for moments
  Settings settings_ SIGNET_GUARDED_BY(mutex_);
  std::shared_ptr<Pair> pair_ SIGNET_GUARDED_BY(mutex_);
  const DerCheck der_;
};

// With HTTP Basic where somebody asks, and a body's type.
https::Request new_request(https::Method method, std::string target, const Credential* who,
                           std::optional<WipedText> body = {});
inline https::Request get(std::string target, const Credential* who) {
  return new_request(https::Method::get, std::move(target), who);
}

// A change that carries an idempotency key of its own, the same in each attempt.
https::Request new_post(std::string target, const Credential& who, WipedText body);

// Ahead of sending: a user that HTTP Basic can carry (no colon, not empty), a valid id.
Answer<void> check_user(const Credential& who);
Answer<void> check_user_and_id(const Credential& who, const std::string& id);

// {"label": …, "ckaId": …} of what is given.
WipedText naming_body(const std::optional<Bytes>& label, const std::optional<Bytes>& cka_id);

ApplianceError refuse(Failure failure, std::string sentence);

// The answer without the question whether it was repeated.
template <typename T>
Answer<T> plain(Result<T, CallFailure> result) {
  if (!result) return std::move(result).error().error;
  return std::move(result).value();
}

// Deleting again what an earlier attempt of the same call may have deleted is no error.
Answer<Trace> deleted(Result<Trace, CallFailure> result);

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_STATE_H_
