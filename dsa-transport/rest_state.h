// What the calls of the REST dialect share.
#ifndef SIGNET_DSA_TRANSPORT_REST_STATE_H_
#define SIGNET_DSA_TRANSPORT_REST_STATE_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "dsa-transport/native/der_check.h"
#include "dsa-transport/native/json_reader.h"
#include "dsa-transport/pair.h"
#include "dsa-transport/rest_appliance.h"
#include "dsa-transport/sign_batcher.h"

namespace signet::transport {

using namespace native;

// How long a signature of each key is, as far as the appliance has told; for checking answers.
class SignatureSizes {
 public:
  void learn(const KeyInfo& key);
  void learn(const std::vector<KeyInfo>& keys);  // in place of what was known

  // Bytes; nothing for a key never seen.
  std::optional<std::size_t> find(const std::string& key_id) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> sizes_;
};

struct RestState {
  explicit RestState(RestOptions options);

  CounterBook counters;
  SocketTable sockets;
  SignatureSizes signature_sizes;
  SignBatcher sign_batcher;

  // Calls under way keep the pair that they began with.
  void reconfigure(const config::TokenConfig& config);
  std::shared_ptr<Pair> pair() const;
  config::Limits limits() const;

  const DerCheck& der() const { return der_; }

  // Reads and small changes: twice what a signature gets, for lists may be long.
  Milliseconds common_attempt() const { return 2 * limits().sign_attempt; }

  // Sends, and reads the answer with `read`, a function from HttpAnswer to Read<T>. A member whose
  // answer does not read is treated as failing.
  template <typename T, typename Reader>
  Result<T, CallFailure> ask(const Call& call, const HttpRequest& request, Reader read) {
    std::optional<T> result;
    const AnswerReader reader = [&](const HttpAnswer& answer) -> std::optional<std::string> {
      Read<T> value = read(answer);
      if (!value) return value.error().what;
      result = std::move(value).value();
      return std::nullopt;
    };
    auto reply = pair()->call(call, request, reader);
    if (!reply) return std::move(reply).error();
    return *std::move(result);
  }

  // One signing request, whose form was checked.
  Answer<Signatures> send_sign(const Credential& who, const SignRequest& request,
                               Deadline deadline);

  // For calls that answer 204. Where a refusal may be the echo of an earlier attempt that was
  // carried out, CallFailure says so.
  Result<void, CallFailure> tell(const Call& call, const HttpRequest& request);

 private:
  mutable std::mutex mutex_;  // held only for moments
  RestOptions options_;
  std::shared_ptr<Pair> pair_;
  const DerCheck der_;
};

// Ahead of sending: a user that HTTP Basic can carry (no colon, not empty), an id that is one.
Answer<void> check_user(const Credential& who);
Answer<void> check_id(const std::string& id);

// {"label": …, "ckaId": …} of what is given.
WipedText naming_body(const std::optional<Bytes>& label, const std::optional<Bytes>& cka_id);

ApplianceError refuse(Failure failure, std::string sentence);

// The answer without the question whether it was repeated.
template <typename T>
Answer<T> plain(Result<T, CallFailure> result) {
  if (!result) return std::move(result).error().error;
  if constexpr (std::is_void_v<T>) {
    return success();
  } else {
    return std::move(result).value();
  }
}

// Deleting again what an earlier attempt of the same call may have deleted is no error.
Answer<void> deleted(const Result<void, CallFailure>& result);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_REST_STATE_H_
