// POST /certificates, PATCH and DELETE /certificates/{id}.
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/native/wire_objects.h"
#include "softhsm-backend/public_key.h"

namespace signet::emulator {

namespace {

Answer certificate_answer(unsigned status, const CertificateRow& certificate) {
  return {.status = status, .body = json_text(json_of(certificate))};
}

}  // namespace

Outcome<Answer> Service::post_certificate(Call& call) {
  BOOST_OUTCOME_TRY(auto naming, read_naming(call.request));
  BOOST_OUTCOME_TRY(auto body, read_object(call.request));
  BOOST_OUTCOME_TRY(auto der, required_binary(body, "der", kMaxCertificate));
  const auto facts = read_certificate(der);
  if (!facts) return problems::bad_parameter("\"der\" is not one X.509 certificate in DER.");

  return state_.write([&](Database& database) -> Outcome<Answer> {
    if (auto earlier = answer_before(database, call.mark)) return *std::move(earlier);
    Answer answer;
    if (const auto stored = find_same_certificate(database, call.user(), der, naming)) {
      answer = certificate_answer(200, *stored);
    } else {
      const auto key = find_key_by_public_key(database, call.user(), facts->public_key);
      if (!key && !facts->issuer) {
        return problems::bad_parameter("No key here has this end-entity certificate's public key.");
      }
      if (count_certificates(database, call.user()) >= call.account().certificate_limit) {
        return problems::certificate_limit();
      }
      const CertificateRow certificate{.seq = 0,
                                       .id = new_uuid(),
                                       .owner = call.user(),
                                       .label = naming.label.value_or(Bytes{}),
                                       .cka_id = naming.cka_id.value_or(Bytes{}),
                                       .der = der,
                                       .public_key = facts->public_key,
                                       .key_id = key ? key->id : std::string()};
      insert_certificate(database, certificate);
      answer = certificate_answer(201, certificate);
    }
    remember(database, call.mark, answer);
    return answer;
  });
}

Outcome<Answer> Service::patch_certificate(Call& call) {
  BOOST_OUTCOME_TRY(auto naming, read_naming(call.request));
  return state_.write([&](Database& database) -> Outcome<Answer> {
    const auto& id = call.arguments.front();
    const auto certificate = find_certificate(database, call.user(), id);
    if (!certificate) return problems::no_such_object("There is no such certificate.");
    rename_certificate(database, *certificate, naming);
    return certificate_answer(200, find_certificate(database, call.user(), id).value());
  });
}

Outcome<Answer> Service::delete_certificate(Call& call) {
  const bool found = state_.write([&](Database& database) {
    const auto certificate = find_certificate(database, call.user(), call.arguments.front());
    if (certificate) emulator::delete_certificate(database, *certificate);
    return certificate.has_value();
  });
  if (!found) return problems::no_such_object("There is no such certificate.");
  return Answer{.status = 204};
}

}  // namespace signet::emulator
