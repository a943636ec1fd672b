// What an enrolment cannot do, as the exit status and the sentence of the command: one function for the errors of each
// component that it uses.
#ifndef SIGNET_SEAL_SERVER_ENROL_FAILURE_H_
#define SIGNET_SEAL_SERVER_ENROL_FAILURE_H_

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "common/file_error.h"
#include "crypto/ck_result.h"
#include "crypto/cms/enveloped_data.h"
#include "dsa-transport/appliance_error.h"
#include "pkcs11-client/error.h"
#include "seal-client/contract.h"
#include "seal-client/credentials.h"
#include "seal-client/cryptogram.h"
#include "seal-server/enrol/command_failure.h"

namespace signet::sealserver::enrol {

using pkcs11::Reason;

[[noreturn]] void fail(Reason reason, const std::string& sentence);

// A clause becomes a sentence: a capital in front, a full stop at the end.
std::string sentence_from(std::string clause);

[[noreturn]] void fail_with(const FileError& error);
[[noreturn]] void fail_with(const CkError& error);
[[noreturn]] void fail_with(const pkcs11::TokenError& error);
[[noreturn]] void fail_with(const sealclient::ServerError& error);
[[noreturn]] void fail_with(const transport::ApplianceError& error);
[[noreturn]] void fail_with(const cms::EnvelopeError& error);
[[noreturn]] void fail_with(const sealclient::CredentialsError& error);
[[noreturn]] void fail_with(const sealclient::CryptogramError& error);

// Steps that do not wait for each other: a failure of one is thrown by finish(), when all were tried.
class Attempts {
 public:
  template <typename Step>
  void make(const Step& step) {
    try {
      step();
    } catch (const CommandFailure& failure) {
      if (!first_) first_ = failure;
    }
  }

  void finish() const {
    if (first_) throw CommandFailure(*first_);
  }

 private:
  std::optional<CommandFailure> first_;
};

// The value of a result, or the failure that its error is.
template <typename T, typename E>
T take(Result<T, E> result) {
  if (!result) fail_with(result.assume_error());
  if constexpr (!std::is_void_v<T>) return std::move(result).assume_value();
}

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_FAILURE_H_
