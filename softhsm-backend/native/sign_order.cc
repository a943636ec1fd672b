#include "softhsm-backend/native/sign_order.h"

#include <algorithm>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/native/service.h"

namespace signet::emulator {

namespace {

constexpr std::size_t kMaxRawContent = 512;  // bytes; no key is longer
constexpr std::size_t kPkcs1Overhead = 11;   // RFC 8017, section 9.2

Outcome<void> check_algorithm(const SignOrder& order, const KeyRow& key) {
  const bool for_rsa = order.algorithm == kRsaPkcs1 || order.algorithm == kRsaPss;
  if (!for_rsa && order.algorithm != kEcdsa) {
    return problems::bad_parameter("\"algorithm\" is none that this appliance offers.");
  }
  if (for_rsa != key.rsa()) {
    return problems::bad_parameter("The key is of another type than \"algorithm\".");
  }
  return success();
}

Outcome<void> check_digests(const SignOrder& order, const KeyRow& key) {
  const std::size_t most = std::min(kMaxRawContent, static_cast<std::size_t>(key.bits) / 8) -
                           (order.hash == nullptr ? kPkcs1Overhead : 0);
  for (const Bytes& digest : order.digests) {
    if (order.hash != nullptr && digest.size() != order.hash->size) {
      return problems::digest_length("A " + order.hash_name + " digest has " +
                                     std::to_string(order.hash->size) + " bytes.");
    }
    if (order.hash == nullptr && (digest.empty() || digest.size() > most)) {
      return problems::digest_length("This key pads 1 to " + std::to_string(most) + " bytes.");
    }
  }
  return success();
}

Outcome<void> check_salt(SignOrder& order, const KeyRow& key) {
  if (order.algorithm != kRsaPss) {
    order.salt_length.reset();
    return success();
  }
  const auto hash_size = static_cast<std::int64_t>(order.hash->size);
  const std::int64_t most = key.bits / 8 - hash_size - 2;
  if (!order.salt_length) order.salt_length = hash_size;
  if (*order.salt_length < 0 || *order.salt_length > most) {
    return problems::bad_parameter("\"saltLength\" must be 0 to " + std::to_string(most) + ".");
  }
  return success();
}

Outcome<std::vector<Bytes>> read_digests(const Json& body) {
  const auto member = body.find("digests");
  if (member == body.end() || !member->is_array()) {
    return problems::bad_parameter("\"digests\" must be an array.");
  }
  if (member->empty() || member->size() > kMaxDigestsPerRequest) {
    return problems::bad_parameter("\"digests\" must hold 1 to " +
                                   std::to_string(kMaxDigestsPerRequest) + " values.");
  }
  std::vector<Bytes> digests;
  for (const Json& item : *member) {
    auto digest = item.is_string() ? from_base64(item.get_ref<const std::string&>()) : std::nullopt;
    if (!digest) return problems::bad_parameter("\"digests\" must hold base64 with padding.");
    digests.push_back(*std::move(digest));
  }
  return digests;
}

}  // namespace

Outcome<SignOrder> read_order(const Request& request) {
  BOOST_OUTCOME_TRY(auto body, read_object(request));
  SignOrder order;
  BOOST_OUTCOME_TRY(order.algorithm, required_text(body, "algorithm", kMaxWord));
  BOOST_OUTCOME_TRY(order.hash_name, required_text(body, "hash", kMaxWord));
  BOOST_OUTCOME_TRY(order.salt_length, optional_integer(body, "saltLength"));
  BOOST_OUTCOME_TRY(order.digests, read_digests(body));
  BOOST_OUTCOME_TRY(auto credential, optional_text(body, "signPassword", kMaxReference));
  if (credential) order.credential.emplace(*credential);
  BOOST_OUTCOME_TRY(auto reference, optional_text(body, "reference", kMaxReference));
  order.reference = std::move(reference).value_or("");

  order.hash = hash_named(order.hash_name);
  if (order.hash == nullptr && order.hash_name != "none") {
    return problems::bad_parameter("\"hash\" is none that this appliance offers.");
  }
  if (order.hash == nullptr && order.algorithm != kRsaPkcs1) {
    return problems::bad_parameter("\"hash\":\"none\" goes with RSASSA-PKCS1-v1_5 alone.");
  }
  return order;
}

Outcome<void> fit_to_key(SignOrder& order, const KeyRow& key) {
  BOOST_OUTCOME_TRY(check_algorithm(order, key));
  BOOST_OUTCOME_TRY(check_digests(order, key));
  return check_salt(order, key);
}

Bytes pkcs1_content(const SignOrder& order, ByteView digest) {
  if (order.hash == nullptr) return copy_of(digest);
  Bytes content = from_hex(order.hash->digest_info_prefix_hex).value();
  content.insert(content.end(), digest.begin(), digest.end());
  return content;
}

Bytes sign_one(Token& token, const SignOrder& order, const KeyRow& key, ByteView digest) {
  if (order.algorithm == kEcdsa) return token.sign_ecdsa(key.id, digest);
  if (order.algorithm == kRsaPss) {
    return token.sign_pss(key.id, *order.hash, static_cast<std::size_t>(*order.salt_length),
                          digest);
  }
  return token.sign_pkcs1(key.id, pkcs1_content(order, digest));
}

}  // namespace signet::emulator
