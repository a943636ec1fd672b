#include "softhsm-backend/native/wire_objects.h"

#include "common/clock.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/key_types.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

Json json_of(const KeyRow& key) {
  boost::json::object json{{"id", key.id},
                           {"label", to_base64(key.label)},
                           {"ckaId", to_base64(key.cka_id)},
                           {"type", name_of(key.parameters().type)},
                           {"publicKey", to_base64(key.public_key)},
                           {"createdAt", utc_text(time_from(key.created_at))},
                           {"state", key.active ? "active" : "disabled"}};
  if (key.rsa()) {
    json["size"] = key.bits;
  } else if (has_choice_of_curves(key.parameters().type)) {
    json["curve"] = key.curve;
  }
  return json;
}

Json json_of(const CertificateRow& certificate) {
  boost::json::object json{{"id", certificate.id},
                           {"label", to_base64(certificate.label)},
                           {"ckaId", to_base64(certificate.cka_id)},
                           {"der", to_base64(certificate.der)}};
  if (!certificate.key_id.empty()) json["keyId"] = certificate.key_id;
  return json;
}

Outcome<Naming> read_naming(const Request& request) {
  BOOST_OUTCOME_TRY(auto body, read_object(request));
  Naming naming;
  BOOST_OUTCOME_TRY(naming.label, optional_binary(body, "label", kMaxLabel));
  BOOST_OUTCOME_TRY(naming.cka_id, optional_binary(body, "ckaId", kMaxCkaId));
  return naming;
}

}  // namespace signet::emulator
