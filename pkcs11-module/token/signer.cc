#include "pkcs11-module/token/signer.h"

#include <fmt/format.h>

namespace signet::token {

Result<Bytes> sign_message(Token& token, KeyedOperation& operation) {
  BOOST_OUTCOME_TRY(const auto data, operation.message->finish());
  BOOST_OUTCOME_TRY(auto request, operation::sign_request(operation.chosen, *operation.key, data,
                                                          *token.known_offer()));
  request.key_id = operation.key_id;
  request.sign_password = std::exchange(operation.sign_password, std::nullopt);
  BOOST_OUTCOME_TRY(auto signatures, token.sign(request));
  Bytes& signature = signatures.values.front();
  if (!operation::verify(operation.chosen, *operation.key, data, signature)) {
    return Error{
        CKR_DEVICE_ERROR,
        fmt::format("the appliance returned a wrong signature for key {}; it was thrown away. "
                    "Ask the appliance's operator to check the appliance",
                    operation.key_id),
        {0, {}, signatures.request_id, signatures.member}};
  }
  return std::move(signature);
}

}  // namespace signet::token
