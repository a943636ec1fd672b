#include "dsa-transport/csc/requests.h"

#include <algorithm>
#include <utility>

#include "crypto/base64.h"

namespace signet::transport::csc {

Version version_of(std::string_view url) {
  return url.ends_with("/v1") ? Version::v1 : Version::v2;
}

https::Request new_request(std::string target, WipedText body) {
  https::Request request{https::Method::post, std::move(target), {}, std::move(body)};
  request.headers.add("Accept", "application/json");
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Expect", "");  // a 100-continue would cost a round trip
  return request;
}

void add_basic(https::Request& request, std::string_view user, std::string_view password) {
  WipedText pair;
  pair.reserve(user.size() + 1 + password.size());
  append(pair, user);
  pair.push_back(':');
  append(pair, password);
  constexpr std::string_view scheme = "Basic ";
  WipedText basic(scheme.size() + crypto::base64_size(pair.size()) + 1);
  std::ranges::copy(scheme, basic.begin());
  crypto::write_base64(view_of(text_of(pair)), basic.data() + scheme.size());
  basic.pop_back();  // the NUL
  request.headers.add("Authorization", text_of(basic));
}

void add_bearer(https::Request& request, const Secret& token) {
  WipedText bearer;
  append(bearer, "Bearer ");
  append(bearer, text_of(token.reveal()));
  request.headers.add("Authorization", text_of(bearer));
}

WipedText authorize_body(Version version, const ServiceCredential& credential,
                         std::size_t signatures, const std::optional<Digests>& digests,
                         const Proof& proof) {
  JsonWriter body;
  body.text("credentialID", credential.id).number("numSignatures", signatures);
  const auto text = [](const Secret* secret) {
    return secret == nullptr ? std::string_view() : text_of(secret->reveal());
  };
  if (version == Version::v1) {
    if (digests) body.base64_list("hash", {digests->values.begin(), digests->values.end()});
    if (proof.pin != nullptr) body.text("PIN", text(proof.pin));
    if (proof.otp != nullptr) body.text("OTP", text(proof.otp));
    return body.finish();
  }
  if (digests) {
    body.base64_list("hashes", {digests->values.begin(), digests->values.end()});
    body.text("hashAlgorithmOID", oid_of(digests->hash));
  }
  std::vector<JsonWriter::Texts> objects;
  if (proof.pin != nullptr) {
    objects.push_back({{"id", credential.pin_object}, {"value", text(proof.pin)}});
  }
  if (proof.otp != nullptr) {
    objects.push_back({{"id", credential.otp_object}, {"value", text(proof.otp)}});
  }
  if (!objects.empty()) body.text_objects("authData", objects);
  return body.finish();
}

WipedText extend_body(Version version, const ServiceCredential& credential, std::string_view sad,
                      const Digests& digests) {
  JsonWriter body;
  const bool v1 = version == Version::v1;
  body.text("credentialID", credential.id).text("SAD", sad);
  body.base64_list(v1 ? "hash" : "hashes", {digests.values.begin(), digests.values.end()});
  if (!v1) body.text("hashAlgorithmOID", oid_of(digests.hash));
  return body.finish();
}

WipedText sign_body(Version version, const SignBody& sign) {
  JsonWriter body;
  body.text("credentialID", sign.credential.id);
  if (!sign.sad.empty()) body.text("SAD", sign.sad);
  const std::vector<Bytes> digests(sign.digests.values.begin(), sign.digests.values.end());
  const bool v1 = version == Version::v1;
  body.base64_list(v1 ? "hash" : "hashes", digests);
  // Required where the signature algorithm leaves it open; what it implies is said again by nobody.
  if (sign.algorithm.hash == Hash::none) {
    body.text(v1 ? "hashAlgo" : "hashAlgorithmOID", oid_of(sign.digests.hash));
  }
  body.text("signAlgo", sign.algorithm.oid);
  if (sign.algorithm.scheme == Scheme::rsa_pss) {
    body.base64("signAlgoParams", pss_parameters(sign.digests.hash, sign.salt_length));
  }
  if (sign.asynchronous) {
    body.text("operationMode", "A");
    body.number("validity_period", static_cast<std::uint64_t>(sign.validity.count()));
  }
  if (!sign.reference.empty()) body.text("clientData", sign.reference);
  return body.finish();
}

WipedText time_stamp_body(const TimeStampRequest& request) {
  JsonWriter body;
  body.base64("hash", request.digest).text("hashAlgo", oid_of(request.hash));
  if (!request.nonce.empty()) body.text("nonce", to_hex(request.nonce));
  return body.finish();
}

}  // namespace signet::transport::csc
