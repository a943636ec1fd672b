// signatures/signHash and signatures/signPolling.
#include "crypto/der.h"
#include "softhsm-backend/csc/algorithms.h"
#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/spoiled_signature.h"

namespace signet::emulator::csc {

namespace {

boost::json::object signatures_json(const Order& order, const std::vector<Bytes>& signatures) {
  boost::json::array texts;
  for (const Bytes& signature : signatures) {
    const bool der = order.form == SignatureForm::der;
    texts.emplace_back(to_base64(der ? der::encode_ecdsa(signature) : signature));
  }
  return {{"signatures", std::move(texts)}};
}

// For how many milliseconds the signatures are kept for signPolling; nothing: they are answered at once.
Outcome<std::optional<std::int64_t>> time_to_keep(const Call& call) {
  constexpr std::int64_t usual = 3'600'000;
  constexpr std::int64_t longest = 86'400'000;
  if (call.v1()) return std::nullopt;
  if (const auto* const mode = call.body.if_contains("operationMode"); mode && !mode->is_null()) {
    const auto text = text_in(call.body, "operationMode");
    if (text != "S" && text != "A") return invalid("Invalid parameter operationMode");
  }
  if (text_in(call.body, "operationMode") != "A") return std::nullopt;
  const auto asked = number_in(call.body, "validity_period");
  if (!asked) return invalid("Invalid parameter validity_period");
  const std::int64_t time = asked.assume_value().value_or(usual);
  if (time < 0 || time > longest) return invalid("Out of bounds parameter validity_period");
  return std::optional(time);
}

}  // namespace

// Uses the authorisation up, in a transaction of its own: whatever happens to this process, no hash is signed twice under
// it. Gives it where it can be given back.
Outcome<std::optional<Sad>> Service::use_authorisation(const Call& call, const KeyRow& key,
                                                       const std::vector<Bytes>& hashes) {
  BOOST_OUTCOME_TRY(const std::string given, required_text(call.body, "SAD"));
  return state_.write([&](Database& database) -> Outcome<std::optional<Sad>> {
    const auto sad = find_sad(database, given);
    const bool own = sad && (sad->account == call.account.user || call.has_fault("sad-other-user"));
    if (!own || sad->credential != key.id) return invalid("Invalid parameter SAD");
    if (sad->ends < now_milliseconds()) return invalid("SAD expired");
    if (call.has_fault("sad-reuse")) return std::optional<Sad>();
    switch (reserve(database, *sad, hashes)) {
      case Reserved::yes:
        return sad;
      case Reserved::used_up:
        return invalid("Invalid parameter SAD");
      case Reserved::not_authorised:
        break;
    }
    return Refused{400, "invalid_request", "Hash is not authorized by the SAD"};
  });
}

Outcome<Answer> Service::sign_hash(Call& call) {
  BOOST_OUTCOME_TRY(const Credential credential, credential_of(call));
  BOOST_OUTCOME_TRY(check_usable(credential));
  const KeyRow& key = credential.key;
  BOOST_OUTCOME_TRY(const Order order, read_order(call.body, key));
  BOOST_OUTCOME_TRY(const auto kept_for, time_to_keep(call));
  BOOST_OUTCOME_TRY(const auto sad, use_authorisation(call, key, order.digests));

  std::vector<Bytes> signatures;
  std::vector<Bytes> shown;  // spoiled where a fault wants it
  try {
    for (const Bytes& digest : order.digests) {
      signatures.push_back(sign_one(token_, order, key, digest));
      shown.push_back(call.request.signature_fault
                          ? spoiled_signature(*call.request.signature_fault, token_, order, key,
                                              digest, signatures.back())
                          : signatures.back());
    }
  } catch (const KeyStoreError&) {
    // For certain nothing was signed that anybody has: what was signed before in this batch is dropped here. Other failures
    // leave that open, and the authorisation used up.
    if (sad) state_.write([&](Database& database) { release(database, *sad, order.digests); });
    BOOST_OUTCOME_TRY(credential_of(call));  // deleted meanwhile: that is no fault
    throw;
  }
  const boost::json::object answer = signatures_json(order, shown);
  const std::int64_t now = now_milliseconds();
  const std::string response = state_.write([&](Database& database) {
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      write_journal(database, {.time = now,
                               .account = call.account.user,
                               .key_id = key.id,
                               .algorithm = std::string(order.algorithm->name),
                               .hash = order.hash_name,
                               .salt_length = order.salt_length,
                               .digest = order.digests[i],
                               .signature = signatures[i],
                               .reference = call.client_data,
                               .request_id = call.request.id,
                               .idempotency_key = "",
                               .role = role_,
                               .dialect = "csc"});
    }
    if (!kept_for) return std::string();
    return keep_answer(database, call.account.user, boost::json::serialize(answer),
                       now + call.policy.delay, now + *kept_for);
  });
  if (!kept_for) return answer_of(answer);
  return answer_of(boost::json::object{{"responseID", response}});
}

Outcome<Answer> Service::poll(Call& call) {
  BOOST_OUTCOME_TRY(const std::string id, required_text(call.body, "requestID"));
  const auto kept =
      state_.read([&](Database& database) { return find_answer(database, call.account.user, id); });
  if (!kept) return invalid("Invalid parameter requestID");
  if (now_milliseconds() < kept->ready || call.has_fault("polling-202")) {
    return Refused{202, "accepted_request", "The signature is being made"};
  }
  if (call.has_fault("polling-400")) {
    return invalid("The previous asynchronous signature request is not done yet");
  }
  Answer answer{.status = 200, .body = kept->body};
  answer.headers.emplace_back("Content-Type", "application/json");
  return answer;
}

}  // namespace signet::emulator::csc
