// credentials/authorize, credentials/extendTransaction, signatures/signHash and signatures/signPolling.
#include <algorithm>
#include <array>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/key_types.h"
#include "softhsm-backend/native/sign_order.h"
#include "softhsm-backend/spoiled_signature.h"

namespace signet::emulator::csc {

namespace {

constexpr std::int64_t kSadLife = 300;  // seconds

enum class Form { as_it_is, der, concatenated };

struct AlgorithmName {
  std::string_view oid;
  std::string_view algorithm;  // of key_types.h
  std::string_view hash;       // of key_types.h; empty: the request names it
  Form form;
};

constexpr auto kAlgorithmNames = std::to_array<AlgorithmName>({
    {"1.2.840.113549.1.1.1", kRsaPkcs1, "", Form::as_it_is},
    {"1.2.840.113549.1.1.5", kRsaPkcs1, "SHA-1", Form::as_it_is},
    {"1.2.840.113549.1.1.11", kRsaPkcs1, "SHA-256", Form::as_it_is},
    {"1.2.840.113549.1.1.12", kRsaPkcs1, "SHA-384", Form::as_it_is},
    {"1.2.840.113549.1.1.13", kRsaPkcs1, "SHA-512", Form::as_it_is},
    {"1.2.840.113549.1.1.10", kRsaPss, "", Form::as_it_is},
    {"1.2.840.10045.4.3.2", kEcdsa, "SHA-256", Form::der},
    {"1.2.840.10045.4.3.3", kEcdsa, "SHA-384", Form::der},
    {"1.2.840.10045.4.3.4", kEcdsa, "SHA-512", Form::der},
    {"0.4.0.127.0.7.1.1.4.1.3", kEcdsa, "SHA-256", Form::concatenated},
});

struct HashName {
  std::string_view oid;
  std::string_view hash;
};

constexpr auto kHashNames = std::to_array<HashName>({{"1.3.14.3.2.26", "SHA-1"},
                                                     {"2.16.840.1.101.3.4.2.4", "SHA-224"},
                                                     {"2.16.840.1.101.3.4.2.1", "SHA-256"},
                                                     {"2.16.840.1.101.3.4.2.2", "SHA-384"},
                                                     {"2.16.840.1.101.3.4.2.3", "SHA-512"}});

// saltLength of RSASSA-PSS-params (RFC 4055, 3.1), whose default is 20. The hashes in it must be the request's, which the
// client is trusted to have got right: another one makes a signature that does not verify.
std::optional<std::int64_t> salt_length_in(ByteView parameters) {
  constexpr std::uint8_t salt_tag = der::kContext0 + 2;
  const auto content = der::only(der::kSequence, parameters);
  if (!content) return std::nullopt;
  der::Reader reader(*content);
  for (const std::uint8_t tag : {der::kContext0, static_cast<std::uint8_t>(der::kContext0 + 1)}) {
    if (reader.next_is(tag)) (void)reader.read(tag);
  }
  constexpr std::int64_t usual = 20;
  if (!reader.next_is(salt_tag)) return reader.at_end() ? std::optional(usual) : std::nullopt;
  const auto salt = reader.read(salt_tag);
  const auto number = salt ? der::only(der::kInteger, *salt) : std::nullopt;
  if (!number || number->empty() || number->size() > 2) return std::nullopt;
  std::int64_t length = 0;
  for (const std::uint8_t octet : *number) length = 256 * length + octet;
  return length;
}

struct Order : SignOrder {
  Form form = Form::as_it_is;
};

Outcome<Order> read_order(const Call& call, const KeyRow& key) {
  Order order;
  BOOST_OUTCOME_TRY(order.digests, hashes_in(call.body, {"hashes", "hash"}));
  if (order.digests.empty()) return invalid("Missing (or invalid type) array parameter hashes");
  BOOST_OUTCOME_TRY(const std::string oid, required_text(call.body, "signAlgo"));
  const auto* const name = std::ranges::find(kAlgorithmNames, oid, &AlgorithmName::oid);
  if (name == kAlgorithmNames.end()) return invalid("Invalid parameter signAlgo");
  order.algorithm = named(kAlgorithms, name->algorithm);
  order.form = name->form;
  std::string hash(name->hash);
  if (hash.empty()) {
    auto given = text_in(call.body, "hashAlgorithmOID");
    if (!given) given = text_in(call.body, "hashAlgo");
    if (!given) return invalid("Missing (or invalid type) string parameter hashAlgorithmOID");
    const auto* const known = std::ranges::find(kHashNames, *given, &HashName::oid);
    if (known == kHashNames.end()) return invalid("Invalid parameter hashAlgorithmOID");
    hash = known->hash;
  }
  order.hash_name = hash;
  order.hash = named(kHashes, hash);
  if (name->algorithm == kRsaPss) {
    const auto parameters = from_base64(text_in(call.body, "signAlgoParams").value_or(""));
    if (parameters) order.salt_length = salt_length_in(*parameters);
    if (!order.salt_length) return invalid("Invalid parameter signAlgoParams");
  }
  const std::size_t size = digest_size(order.hash->hash);
  for (const Bytes& digest : order.digests) {
    if (digest.size() != size) return invalid("Invalid digest value length");
  }
  if (!fit_to_key(order, key)) return invalid("Invalid parameter signAlgo");
  return order;
}

boost::json::object signatures_json(const Order& order, const std::vector<Bytes>& signatures) {
  boost::json::array texts;
  for (const Bytes& signature : signatures) {
    texts.emplace_back(
        to_base64(order.form == Form::der ? der::encode_ecdsa(signature) : signature));
  }
  return {{"signatures", std::move(texts)}};
}

std::optional<std::string> password_in(const Call& call, const char* id) {
  if (call.v1()) return text_in(call.body, id);
  const auto* const list = call.body.if_contains("authData");
  if (list == nullptr || !list->is_array()) return text_in(call.body, id);
  for (const auto& item : list->get_array()) {
    if (!item.is_object() || text_in(item.get_object(), "id") != id) continue;
    return text_in(item.get_object(), "value");
  }
  return std::nullopt;
}

}  // namespace

Outcome<void> Service::check_pin(Call& call) {
  const auto pin = password_in(call, "PIN");
  if (!pin) {
    return invalid(call.v1() ? "Missing (or invalid type) string parameter PIN"
                             : "Missing (or invalid type) array parameter authData");
  }
  const auto admitted = authenticator_.admit(call.account.user, Secret(std::string_view(*pin)),
                                             Authenticator::Expired::refused);
  if (admitted) return success();
  if (admitted.assume_error() != Denial::wrong_password) {
    return invalid(call.v1() ? "PIN locked" : "Credential locked");
  }
  if (call.v1()) return Refused{400, "invalid_pin", "The PIN is invalid"};
  return Refused{400, "invalid_authentication_data", "The authentication data is invalid"};
}

// The step of a one-time password, to be used up with the authorisation.
Outcome<std::optional<std::int64_t>> Service::check_otp(Call& call) {
  const auto otp = password_in(call, "OTP");
  std::optional<Secret> given;
  if (otp) given.emplace(std::string_view(*otp));
  const auto step = authenticator_.check_sign_credential(call.account, given);
  if (step) return step.assume_value();
  if (step.assume_error() == Denial::signing_locked) return invalid("OTP locked");
  return Refused{400, "invalid_otp", "The OTP is invalid"};
}

Outcome<Answer> Service::authorize(Call& call) {
  BOOST_OUTCOME_TRY(const KeyRow key, key_of(call));
  if (call.policy.mode == "oauth2code") {
    return Refused{400, "unauthorized_client", "This credential is authorised by oauth2code"};
  }
  if (!key.active) return invalid("The credential identified by credentialID is disabled");
  BOOST_OUTCOME_TRY(const auto number, number_in(call.body, "numSignatures"));
  if (!number || *number < 1)
    return invalid("Missing (or invalid type) integer parameter numSignatures");
  if (*number > call.policy.multisign) return invalid("Numbers of signatures is too high");
  BOOST_OUTCOME_TRY(const auto hashes, hashes_in(call.body, {"hashes", "hash"}));
  const bool bound = call.policy.scal == 2;
  if (bound && hashes.empty()) return invalid("Missing (or invalid type) array parameter hashes");
  if (bound && static_cast<std::int64_t>(hashes.size()) > *number) {
    return invalid("Numbers of signatures is too low");
  }
  std::optional<std::int64_t> step;
  if (call.policy.mode == "explicit") {
    BOOST_OUTCOME_TRY(check_pin(call));
    BOOST_OUTCOME_TRY(step, check_otp(call));
  }
  return state_.write([&](Database& database) -> Outcome<Answer> {
    if (step && !use_one_time_step(database, call.account.user, *step)) {
      return Refused{400, "invalid_otp", "The OTP is invalid"};
    }
    const std::string sad = new_sad(database, call.account.user, key.id, *number, kSadLife,
                                    bound ? hashes : std::vector<Bytes>());
    return answer_of(boost::json::object{{"SAD", sad}, {"expiresIn", kSadLife}});
  });
}

Outcome<Answer> Service::extend(Call& call) {
  BOOST_OUTCOME_TRY(const KeyRow key, key_of(call));
  BOOST_OUTCOME_TRY(const std::string given, required_text(call.body, "SAD"));
  BOOST_OUTCOME_TRY(const auto hashes, hashes_in(call.body, {"hashes", "hash"}));
  if (call.policy.scal == 2 && hashes.empty()) {
    return invalid("Missing (or invalid type) array parameter hashes");
  }
  return state_.write([&](Database& database) -> Outcome<Answer> {
    const auto sad = find_sad(database, given);
    if (!sad || sad->account != call.account.user || sad->credential != key.id) {
      return invalid("Invalid parameter SAD");
    }
    if (sad->ends < now_milliseconds()) return invalid("SAD expired");
    if (sad->left < std::max<std::int64_t>(1, std::ssize(hashes))) {
      return invalid("Invalid parameter SAD");
    }
    const std::string next = extend_sad(database, *sad, kSadLife, hashes);
    return answer_of(boost::json::object{{"SAD", next}, {"expiresIn", kSadLife}});
  });
}

Outcome<Answer> Service::sign_hash(Call& call) {
  BOOST_OUTCOME_TRY(const KeyRow key, key_of(call));
  if (!key.active) return invalid("The credential identified by credentialID is disabled");
  BOOST_OUTCOME_TRY(const Order order, read_order(call, key));
  BOOST_OUTCOME_TRY(const std::string given, required_text(call.body, "SAD"));

  // First the authorisation is used up, in a transaction of its own: whatever happens to this process, no hash is signed
  // twice under it.
  const auto reserved = state_.write([&](Database& database) -> Outcome<void> {
    const auto sad = find_sad(database, given);
    const bool own = sad && (sad->account == call.account.user || call.has_fault("sad-other-user"));
    if (!own || sad->credential != key.id) return invalid("Invalid parameter SAD");
    if (sad->ends < now_milliseconds()) return invalid("SAD expired");
    if (call.has_fault("sad-reuse")) return success();
    switch (reserve(database, *sad, order.digests)) {
      case Reserved::yes:
        return success();
      case Reserved::used_up:
        return invalid("Invalid parameter SAD");
      case Reserved::not_authorised:
        break;
    }
    return Refused{400, "invalid_request", "Hash is not authorized by the SAD"};
  });
  if (!reserved) return reserved.assume_error();

  std::vector<Bytes> signatures;
  for (const Bytes& digest : order.digests) {
    signatures.push_back(sign_one(token_, order, key, digest));
  }
  const std::int64_t now = now_milliseconds();
  state_.write([&](Database& database) {
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      write_journal(database, {.time = now,
                               .account = call.account.user,
                               .key_id = key.id,
                               .algorithm = std::string(order.algorithm->name),
                               .hash = order.hash_name,
                               .salt_length = order.salt_length,
                               .digest = order.digests[i],
                               .signature = signatures[i],
                               .reference = text_in(call.body, "clientData").value_or(""),
                               .request_id = call.request.id,
                               .idempotency_key = "",
                               .role = role_,
                               .dialect = "csc"});
    }
  });
  if (call.request.signature_fault) {
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      signatures[i] = spoiled_signature(*call.request.signature_fault, token_, order, key,
                                        order.digests[i], signatures[i]);
    }
  }
  const boost::json::object answer = signatures_json(order, signatures);
  if (call.v1() || text_in(call.body, "operationMode") != "A") return answer_of(answer);
  constexpr std::int64_t usual_validity = 3'600'000;  // milliseconds
  BOOST_OUTCOME_TRY(const auto validity, number_in(call.body, "validity_period"));
  const std::string id = state_.write([&](Database& database) {
    return keep_answer(database, call.account.user, boost::json::serialize(answer),
                       now + call.policy.delay, now + validity.value_or(usual_validity));
  });
  return answer_of(boost::json::object{{"responseID", id}});
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
