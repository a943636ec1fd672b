// DssSignResult and DssVerifyResult: results, failures with the vendor's texts, and where a signature stands.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_DSS_ANSWER_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_DSS_ANSWER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/result.h"
#include "softhsm-backend/authenticator.h"
#include "softhsm-backend/passwords.h"

namespace signet::emulator::sapiws {

// An outcome other than success; HTTP 200 carries it.
struct DssFailure {
  const char* major;
  const char* minor;
  std::string message;
  bool silent = false;  // an answer without Result
  bool exhausted =
      false;  // no answer but HTTP 500: a document for which the appliance has no memory
};

template <typename T>
using DssOutcome = Result<T, DssFailure>;

namespace failures {

DssFailure exception();  // what the service did not expect
DssFailure silent();     // the appliance's answer to an empty document
DssFailure exhausted();
DssFailure no_password();
DssFailure no_type();                             // SignatureType is missing
DssFailure not_supported(std::string_view what);  // "<what> not suported by this profile"
DssFailure bad_mime_type();
DssFailure unsupported_hash();
DssFailure sapi(std::string_view what, std::uint32_t code);  // "<what>, err 9003…"
DssFailure of(Denial denial);
DssFailure of(PasswordFault fault);

}  // namespace failures

// "err 900201e0", as the appliance ends the text of a SAPI failure.
std::string code_text(std::uint32_t code);

struct DssResult {
  const char* minor = nullptr;  // of a success; nullptr: none
  std::string message;
  std::string outputs;           // the elements inside OptionalOutputs
  std::string signature_object;  // the whole element SignatureObject
};

enum class AnswerPlace { usual, signature_object, document };

// Puts a signature of that type to `place`.
void place_signature(DssResult& result, AnswerPlace place, const char* type, ByteView signature);

// The element DssSignResponse or DssVerifyResponse of the operation.
std::string dss_response(std::string_view operation, const std::string& request_id,
                         const DssOutcome<DssResult>& outcome);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_DSS_ANSWER_H_
