// The appliance's SOAP service without sockets: a request in, an answer out. /SAPIWS/dss.asmx signs and verifies,
// /SAPIWS/spml.asmx keeps accounts, and /SAPIWS/v1/digital_signature, which is REST, signs PDF documents; the case of a path
// does not matter.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_SERVICE_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_SERVICE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "softhsm-backend/authenticator.h"
#include "softhsm-backend/dialect.h"
#include "softhsm-backend/message.h"
#include "softhsm-backend/sapiws/dss_answer.h"
#include "softhsm-backend/sapiws/dss_request.h"
#include "softhsm-backend/sapiws/signing.h"
#include "softhsm-backend/sapiws/spml_request.h"
#include "softhsm-backend/state.h"
#include "softhsm-backend/token.h"

namespace signet::emulator::sapiws {

struct Settings {
  Profile profile = Profile::v8;
  AnswerPlace place = AnswerPlace::usual;  // of signatures
};

inline constexpr std::size_t kMaxDocument =
    35UL * 1024 * 1024;  // bytes; the appliance has memory for no more
inline constexpr std::uint64_t kMaxRequest =
    64UL * 1024 * 1024;  // bytes: such a document in base64, and more

// Thread-safe. What it is given outlives it.
class Service final : public Dialect {
 public:
  Service(State& state, Token& token, std::string role, const Settings& settings);

  bool serves(std::string_view target) const override;
  std::uint64_t body_limit() const override { return kMaxRequest; }
  Answer handle(const Request& request) noexcept override;

  // Such as "POST /SAPIWS/dss.asmx DssSign"; the operation is SOAPAction's.
  std::string route_name(const Request& request) const override;

  // A status of 200 is a result with the fault's SAPI code, every other one a SOAP fault.
  Answer answer_under_fault(const Request& request, const Fault& fault,
                            Answer answer) const override;

 private:
  Answer dispatch(const Request& request);
  Answer post(const Request& request, bool dss);

  // DSS.
  DssOutcome<DssResult> dss(const Request& request, const Operation& operation,
                            std::string& request_id);
  DssOutcome<DssResult> verify(const DssRequest& asked);
  DssOutcome<DssResult> sign(const Request& request, const DssRequest& asked);
  DssOutcome<Account> admit(const DssRequest& asked, Authenticator::Expired expired);
  DssResult cosign_info();
  DssResult time();
  DssResult ca_info();
  DssOutcome<DssResult> verify_pkcs1(const DssRequest& asked);
  DssOutcome<DssResult> verify_cms(const DssRequest& asked);
  DssOutcome<DssResult> verify_fields(const DssRequest& asked);
  DssResult enum_certificates(const Account& account);
  DssOutcome<DssResult> change_password(const DssRequest& asked);
  DssOutcome<DssResult> make_signature(const Request& request, const DssRequest& asked,
                                       const Account& account);
  // With the account's second credential where it has one. Of `asked`: that, and its id.
  DssOutcome<Made> sign_and_record(const Request& request, const DssRequest& asked,
                                   const Account& account, const Signer& signer,
                                   const Signing& signing, const Signature& maker);

  // REST.
  Answer sign_field(const Request& request);
  static Answer field_refusal(unsigned status, std::string_view sentence);

  // SPML.
  Answer spml(const Operation& operation);
  SpmlOutcome administer(const std::string& operation, const SpmlRequest& asked,
                         bool& is_administrator);
  SpmlOutcome list_targets(const SpmlRequest& asked);
  SpmlOutcome add(const SpmlRequest& asked);
  SpmlOutcome lookup(const SpmlRequest& asked);
  SpmlOutcome modify(const SpmlRequest& asked);
  SpmlOutcome remove(const SpmlRequest& asked);
  SpmlOutcome set_password_of(const SpmlRequest& asked);
  SpmlOutcome expire_password_of(const SpmlRequest& asked);
  SpmlOutcome reset_password(const SpmlRequest& asked);
  SpmlOutcome validate_password(const SpmlRequest& asked);
  SpmlOutcome search(const SpmlRequest& asked);
  SpmlOutcome close_iterator(const SpmlRequest& asked);

  State& state_;
  Token& token_;
  const std::string role_;
  const Settings settings_;
  Authenticator authenticator_;
  const std::string serial_number_;
  const std::string cluster_id_;
};

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_SERVICE_H_
