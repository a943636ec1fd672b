// Requests and answers of SPML 2.0 as the appliance has them: the administration of accounts.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_SPML_REQUEST_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_SPML_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"
#include "common/secret.h"
#include "softhsm-backend/accounts.h"
#include "softhsm-backend/sapiws/envelope.h"

namespace signet::emulator::sapiws {

const Contract& spml_contract();

// UserRecord, as far as accounts have it; the e-mail address is read and not kept.
struct UserRecord {
  std::optional<std::string> login_name;
  std::optional<Secret> password;
  std::optional<std::string> common_name;
  std::optional<bool> administrator;  // RightsMask has a right beside the user's own
  std::optional<bool> disabled;       // LoginStatus
};

struct SpmlRequest {
  std::string id;  // requestID
  // CoSignLogonData: the administrator.
  std::string admin;
  std::optional<Secret> admin_password;
  std::string user;  // psoID
  std::optional<Secret> password;
  std::optional<UserRecord> record;
  std::string iterator;   // where a search goes on
  std::int64_t most = 0;  // of a search
  bool with_data = true;  // returnData is not "identifier"
};

struct SpmlFailure {
  std::string error;    // of SPML's ErrorCode
  std::string message;  // with a SAPI code where it has one
};

struct SpmlAnswer {
  std::string content;        // elements inside the response
  std::optional<bool> valid;  // of validatePassword
};

using SpmlOutcome = Result<SpmlAnswer, SpmlFailure>;

// `wrapper`: the operation's element, such as "lookup".
Result<SpmlRequest, SpmlFailure> read_spml_request(const Element& wrapper);

// The element psoID, or pso with the account's record.
std::string pso_id(std::string_view user);
std::string pso(const Account& account, bool with_data);

// Such as lookupResponse around it, both wrapper and response.
std::string spml_response(std::string_view operation, const std::string& request_id,
                          const SpmlOutcome& outcome);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_SPML_REQUEST_H_
