#include "pkcs11-module/token/signer.h"

#include <fmt/format.h>

namespace signet::token {

CkResult<Bytes> sign_message(Token& token, KeyedOperation& operation) {
  BOOST_OUTCOME_TRY(const auto data, operation.message.finish());
  const auto sign_password = std::exchange(operation.sign_password, std::nullopt);
  const auto make = [&](const mechanism::Offer& offer) -> CkResult<transport::SignRequest> {
    BOOST_OUTCOME_TRY(auto request,
                      operation::sign_request(operation.chosen, *operation.key, data, offer));
    request.key_id = operation.key_id;
    request.sign_password = sign_password;
    return request;
  };
  BOOST_OUTCOME_TRY(auto signatures, token.sign(make));
  Bytes& signature = signatures.values.front();
  if (!operation::verify(operation.chosen, *operation.key, data, signature)) {
    return CkError{
        CKR_DEVICE_ERROR,
        fmt::format("the appliance returned a wrong signature for key {}; it was thrown away. "
                    "Ask the appliance's operator to check the appliance",
                    operation.key_id),
        {0, {}, signatures.request_id, signatures.member}};
  }
  return std::move(signature);
}

}  // namespace signet::token
