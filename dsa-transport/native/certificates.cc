// Certificates: storing, naming, deleting.

#include "dsa-transport/json_writer.h"
#include "dsa-transport/native/native_appliance.h"
#include "dsa-transport/native/state.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::native {

Task<Answer<Traced<CertificateInfo>>> NativeAppliance::start_import_certificate(
    const Credential& who, ByteView der, Bytes label, Bytes cka_id, Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user(who));
  const Call call{"import certificate", Access::write, state_->cluster.common_attempt(), deadline};
  auto body =
      JsonWriter().base64("der", der).base64("label", label).base64("ckaId", cka_id).finish();
  const auto read = [&](const https::Response& response) -> Read<Traced<CertificateInfo>> {
    if (response.status != https::kCreated && response.status != https::kOk) {
      return WireError{"wrong status"};
    }
    BOOST_OUTCOME_TRY(auto certificate, read_certificate(response.body, state_->der()));
    if (!equal(certificate.der, der)) return WireError{"another certificate was stored"};
    return certificate;
  };
  co_return plain(co_await state_->ask<Traced<CertificateInfo>>(
      call, new_post("/certificates", who, std::move(body)), read));
}

Task<Answer<Traced<CertificateInfo>>> NativeAppliance::start_update_certificate(
    const Credential& who, std::string id, std::optional<Bytes> label, std::optional<Bytes> cka_id,
    Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user_and_id(who, id));
  const Call call{"update certificate", Access::write, state_->cluster.common_attempt(), deadline};
  const auto read = [&](const https::Response& response) -> Read<Traced<CertificateInfo>> {
    if (response.status != https::kOk) return WireError{"wrong status"};
    BOOST_OUTCOME_TRY(auto certificate, read_certificate(response.body, state_->der()));
    if (certificate.id != id) return WireError{"the answer is about another certificate"};
    return certificate;
  };
  co_return plain(co_await state_->ask<Traced<CertificateInfo>>(
      call,
      new_request(https::Method::patch, "/certificates/" + percent_encoded(id), &who,
                  naming_body(label, cka_id)),
      read));
}

Task<Answer<Trace>> NativeAppliance::start_delete_certificate(const Credential& who, std::string id,
                                                              Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user_and_id(who, id));
  const Call call{"delete certificate", Access::write, state_->cluster.common_attempt(), deadline};
  co_return deleted(co_await state_->tell(
      call, new_request(https::Method::del, "/certificates/" + percent_encoded(id), &who)));
}

}  // namespace signet::transport::native
