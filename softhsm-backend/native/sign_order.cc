#include "softhsm-backend/native/sign_order.h"

#include "crypto/digest_info.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/native/service.h"

namespace signet::emulator {

namespace {

constexpr std::size_t kPkcs1Overhead = 11;  // RFC 8017, section 9.2

Outcome<void> check_digests(const SignOrder& order, const KeyRow& key) {
  const AlgorithmRow& row = *order.algorithm;
  const std::size_t hashed = order.hash == nullptr ? 0 : digest_size(order.hash->hash);
  const std::size_t most =
      row.most != 0 ? row.most : static_cast<std::size_t>(key.bits) / 8 - kPkcs1Overhead;
  for (const Bytes& digest : order.digests) {
    if (order.hash != nullptr && digest.size() != hashed) {
      return problems::digest_length("A " + order.hash_name + " digest has " +
                                     std::to_string(hashed) + " bytes.");
    }
    if (order.hash == nullptr && (digest.size() < row.least || digest.size() > most)) {
      return problems::digest_length("This key signs " + std::to_string(row.least) + " to " +
                                     std::to_string(most) + " bytes.");
    }
  }
  return success();
}

Outcome<void> check_salt(SignOrder& order, const KeyRow& key) {
  if (order.algorithm->scheme != crypto::Scheme::rsa_pss) {
    order.salt_length.reset();
    return success();
  }
  const auto hash_size = static_cast<std::int64_t>(digest_size(order.hash->hash));
  const std::int64_t most = key.bits / 8 - hash_size - 2;
  if (!order.salt_length) order.salt_length = hash_size;
  if (*order.salt_length < 0 || *order.salt_length > most) {
    return problems::bad_parameter("\"saltLength\" must be 0 to " + std::to_string(most) + ".");
  }
  return success();
}

Outcome<std::vector<Bytes>> read_digests(const Json& body) {
  const Json* const member = body.as_object().if_contains("digests");
  if (member == nullptr || !member->is_array()) {
    return problems::bad_parameter("\"digests\" must be an array.");
  }
  const auto& items = member->get_array();
  if (items.empty() || items.size() > kMaxDigestsPerRequest) {
    return problems::bad_parameter("\"digests\" must hold 1 to " +
                                   std::to_string(kMaxDigestsPerRequest) + " values.");
  }
  std::vector<Bytes> digests;
  for (const Json& item : items) {
    auto digest = item.is_string() ? from_base64(item.get_string()) : std::nullopt;
    if (!digest) return problems::bad_parameter("\"digests\" must hold base64 with padding.");
    digests.push_back(*std::move(digest));
  }
  return digests;
}

}  // namespace

Outcome<SignOrder> read_order(const Request& request) {
  BOOST_OUTCOME_TRY(auto body, read_object(request));
  SignOrder order;
  BOOST_OUTCOME_TRY(const auto algorithm, required_text(body, "algorithm", kMaxWord));
  order.algorithm = named(kAlgorithms, algorithm);
  BOOST_OUTCOME_TRY(order.hash_name, required_text(body, "hash", kMaxWord));
  BOOST_OUTCOME_TRY(order.salt_length, optional_integer(body, "saltLength"));
  BOOST_OUTCOME_TRY(order.digests, read_digests(body));
  BOOST_OUTCOME_TRY(auto credential, optional_text(body, "signPassword", kMaxReference));
  if (credential) order.credential.emplace(*credential);
  BOOST_OUTCOME_TRY(auto reference, optional_text(body, "reference", kMaxReference));
  order.reference = std::move(reference).value_or("");

  order.hash = named(kHashes, order.hash_name);
  if (order.algorithm == nullptr) {
    return problems::bad_parameter("\"algorithm\" is not offered by this appliance.");
  }
  if (order.hash == nullptr && order.hash_name != "none") {
    return problems::bad_parameter("\"hash\" is not offered by this appliance.");
  }
  const bool hashes = order.algorithm->scheme != crypto::Scheme::eddsa;
  if (order.hash == nullptr ? !order.algorithm->takes_unhashed : !hashes) {
    return problems::bad_parameter("This \"hash\" does not go with the algorithm.");
  }
  return order;
}

Outcome<void> fit_to_key(SignOrder& order, const KeyRow& key) {
  if (order.algorithm->type != key.parameters().type) {
    return problems::bad_parameter("The key is of another type than \"algorithm\".");
  }
  BOOST_OUTCOME_TRY(check_digests(order, key));
  return check_salt(order, key);
}

Bytes pkcs1_content(const SignOrder& order, ByteView digest) {
  if (order.hash == nullptr) return copy_of(digest);
  return crypto::encode_digest_info(order.hash->hash, digest);
}

Bytes sign_one(Token& token, const SignOrder& order, const KeyRow& key, ByteView digest) {
  const crypto::Scheme scheme = order.algorithm->scheme;
  if (scheme == crypto::Scheme::rsa_pkcs1) {
    return token.sign(key.id, scheme, pkcs1_content(order, digest));
  }
  return token.sign(key.id, scheme, digest,
                    order.hash == nullptr ? crypto::Hash::none : order.hash->hash,
                    static_cast<std::size_t>(order.salt_length.value_or(0)));
}

}  // namespace signet::emulator
