// Certificates: storing, naming, deleting.

#include "dsa-transport/native/json_writer.h"
#include "dsa-transport/rest_appliance.h"
#include "dsa-transport/rest_state.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"

namespace signet::transport {

Answer<CertificateInfo> RestAppliance::import_certificate(const Credential& who, ByteView der,
                                                          const Bytes& label, const Bytes& cka_id,
                                                          Deadline deadline) {
  BOOST_OUTCOME_TRY(check_user(who));
  const Call call{"import certificate", Access::write, state_->common_attempt(), deadline};
  HttpRequest request;
  request.method = Method::post;
  request.path = "/certificates";
  request.who = &who;
  request.idempotency_key = random_uuid();
  request.body =
      JsonWriter().base64("der", der).base64("label", label).base64("ckaId", cka_id).finish();
  return plain(state_->ask<CertificateInfo>(
      call, request, [&](const HttpAnswer& answer) -> Read<CertificateInfo> {
        if (answer.status != kCreated && answer.status != kOk) return WireError{"wrong status"};
        BOOST_OUTCOME_TRY(auto certificate, read_certificate(answer.body, state_->der()));
        if (!equal(certificate.der, der)) return WireError{"another certificate was stored"};
        return certificate;
      }));
}

Answer<CertificateInfo> RestAppliance::update_certificate(const Credential& who,
                                                          const std::string& id,
                                                          const std::optional<Bytes>& label,
                                                          const std::optional<Bytes>& cka_id,
                                                          Deadline deadline) {
  BOOST_OUTCOME_TRY(check_user(who));
  BOOST_OUTCOME_TRY(check_id(id));
  const Call call{"update certificate", Access::write, state_->common_attempt(), deadline};
  HttpRequest request;
  request.method = Method::patch;
  request.path = "/certificates/" + percent_encoded(id);
  request.who = &who;
  request.body = naming_body(label, cka_id);
  return plain(state_->ask<CertificateInfo>(
      call, request, [&](const HttpAnswer& answer) -> Read<CertificateInfo> {
        if (answer.status != kOk) return WireError{"wrong status"};
        BOOST_OUTCOME_TRY(auto certificate, read_certificate(answer.body, state_->der()));
        if (certificate.id != id) return WireError{"the answer is about another certificate"};
        return certificate;
      }));
}

Answer<void> RestAppliance::delete_certificate(const Credential& who, const std::string& id,
                                               Deadline deadline) {
  BOOST_OUTCOME_TRY(check_user(who));
  BOOST_OUTCOME_TRY(check_id(id));
  const Call call{"delete certificate", Access::write, state_->common_attempt(), deadline};
  HttpRequest request;
  request.method = Method::del;
  request.path = "/certificates/" + percent_encoded(id);
  request.who = &who;
  return deleted(state_->tell(call, request));
}

}  // namespace signet::transport
