// What the calls of this dialect share.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_STATE_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_STATE_H_

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "common/mutex.h"
#include "dsa-transport/cluster.h"
#include "dsa-transport/der_check.h"
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

struct State {
  explicit State(Settings settings);

  Cluster cluster;
  SignatureSizes signature_sizes;
  SignBatcher sign_batcher;

  const DerCheck& der() const { return der_; }

  // Sends, and reads what a success says with a function from a Response, and maybe the member's URL, to a Read<T>.
  template <typename T, typename Reader>
  Task<Result<T, CallFailure>> ask(Call call, https::Request request, Reader reader) {
    const auto judge = [reader = std::move(reader)](const https::Response& response,
                                                    const std::string& member_url) -> Judged<T> {
      const bool success = response.status >= 200 && response.status < 300;
      if (!success && response.status != https::kNotModified) return verdict_of_failure(response);
      if constexpr (std::is_invocable_v<const Reader&, const https::Response&,
                                        const std::string&>) {
        return judged<T>(reader(response, member_url), response);
      } else {
        return judged<T>(reader(response), response);
      }
    };
    return cluster.ask<T>(call, std::move(request), judge);
  }

  // For calls that answer 204.
  Task<Result<Trace, CallFailure>> tell(Call call, https::Request request);

  // One signing request, whose form was checked.
  Task<Answer<Signatures>> send_sign(const Credential& who, const SignRequest& request,
                                     Deadline deadline);

 private:
  const DerCheck der_;
};

// With HTTP Basic where somebody asks, and a body's type.
https::Request new_request(https::Method method, std::string target, const Credential* who,
                           std::optional<WipedText> body = {});
inline https::Request get(std::string target, const Credential* who) {
  return new_request(https::Method::get, std::move(target), who);
}

// A change that carries an idempotency key, the same in each attempt; where none is given, one of its own.
https::Request new_post(std::string target, const Credential& who, WipedText body,
                        const std::string& idempotency_key = {});

// Ahead of sending: a user that HTTP Basic can carry (no colon, not empty), a valid id.
Answer<void> check_user(const Credential& who);
Answer<void> check_user_and_id(const Credential& who, const std::string& id);

// {"label": …, "ckaId": …} of what is given.
WipedText naming_body(const std::optional<Bytes>& label, const std::optional<Bytes>& cka_id);

ApplianceError refuse(Failure failure, std::string sentence);

// Deleting again what an earlier attempt of the same call may have deleted is no error.
Answer<Trace> deleted(Result<Trace, CallFailure> result);

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_STATE_H_
