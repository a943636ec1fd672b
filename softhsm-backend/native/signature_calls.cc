// POST /keys/{id}/signatures.
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/native/sign_order.h"
#include "softhsm-backend/spoiled_signature.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

namespace {

Answer signatures_answer(const std::vector<Bytes>& signatures) {
  boost::json::array texts;
  for (const Bytes& signature : signatures) texts.emplace_back(to_base64(signature));
  return {.status = 200, .body = json_text(boost::json::object{{"signatures", std::move(texts)}})};
}

}  // namespace

Outcome<Answer> Service::post_signatures(Call& call) {
  BOOST_OUTCOME_TRY(auto order, read_order(call.request));
  BOOST_OUTCOME_TRY(const auto key, key_of(call));
  BOOST_OUTCOME_TRY(fit_to_key(order, key));
  if (!key.active) return problems::key_locked("The key is disabled.");
  const auto credential = authenticator_.check_sign_credential(call.account(), order.credential);
  if (!credential) return problem_of(credential.assume_error());
  const std::optional<std::int64_t> step = credential.assume_value();

  std::vector<Bytes> signatures;
  try {
    for (const Bytes& digest : order.digests) {
      signatures.push_back(sign_one(token_, order, key, digest));
    }
  } catch (const KeyStoreError&) {
    BOOST_OUTCOME_TRY(key_of(call));  // deleted meanwhile: that is no fault
    throw;
  }
  const Answer answer = signatures_answer(signatures);

  // The other member may have been at the same request: whichever commits first gives the answer,
  // and only its signatures leave the appliance.
  bool recorded = false;
  Outcome<Answer> outcome = state_.write([&](Database& database) -> Outcome<Answer> {
    if (auto earlier = answer_before(database, call.mark)) return *std::move(earlier);
    if (step && !use_one_time_step(database, call.user(), *step)) {
      return problems::sign_credential("The one-time password was used already.");
    }
    const std::int64_t now = now_milliseconds();
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      write_journal(database, {.time = now,
                               .account = call.user(),
                               .key_id = key.id,
                               .algorithm = std::string(order.algorithm->name),
                               .hash = order.hash_name,
                               .salt_length = order.salt_length,
                               .digest = order.digests[i],
                               .signature = signatures[i],
                               .reference = order.reference,
                               .request_id = call.request.id,
                               .idempotency_key = call.mark.idempotency_key,
                               .role = role_,
                               .dialect = "native"});
    }
    remember(database, call.mark, answer);
    recorded = true;
    return answer;
  });
  if (!recorded || !call.request.signature_fault) return outcome;
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    signatures[i] = spoiled_signature(*call.request.signature_fault, token_, order, key,
                                      order.digests[i], signatures[i]);
  }
  return signatures_answer(signatures);
}

}  // namespace signet::emulator
