#include "timestamps/request.h"

#include <fmt/format.h>
#include <openssl/ts.h>

#include "common/printable.h"
#include "crypto/host_errors.h"
#include "timestamps/asn1.h"

namespace signet::timestamps {

namespace {

using ImprintPtr = OpensslPtr<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using TsRequestPtr = OpensslPtr<TS_REQ, TS_REQ_free>;

constexpr std::size_t kNonceSize = 16;

ObjectPtr object_of(crypto::Hash hash) {
  const ByteView oid = crypto::row_of(hash).oid;
  const unsigned char* der = oid.data();
  return ObjectPtr(d2i_ASN1_OBJECT(nullptr, &der, static_cast<long>(oid.size())));
}

void set_imprint(TS_REQ* request, crypto::Hash hash, ByteView imprint) {
  ObjectPtr object = object_of(hash);
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  const ImprintPtr filled(TS_MSG_IMPRINT_new());
  require(object && algorithm && filled);
  // With parameters NULL: some authorities refuse a digest algorithm without them.
  require(X509_ALGOR_set0(algorithm.get(), object.get(), V_ASN1_NULL, nullptr) == 1);
  (void)object.release();
  // It is copied.
  Bytes digest = copy_of(imprint);
  require(TS_MSG_IMPRINT_set_algo(filled.get(), algorithm.get()) == 1 &&
          TS_MSG_IMPRINT_set_msg(filled.get(), digest.data(), static_cast<int>(digest.size())) ==
              1 &&
          TS_REQ_set_msg_imprint(request, filled.get()) == 1);
}

void set_nonce(TS_REQ* request, ByteView nonce) {
  const BignumPtr number(BN_bin2bn(nonce.data(), static_cast<int>(nonce.size()), nullptr));
  require(number != nullptr);
  const IntegerPtr integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
  require(integer && TS_REQ_set_nonce(request, integer.get()) == 1);
}

// Positive and of full length, whatever the generator gives.
Result<Bytes, std::string> new_nonce() {
  Bytes nonce(kNonceSize);
  if (const auto filled = crypto::random_bytes(nonce); !filled) return filled.error().sentence;
  nonce.front() = static_cast<std::uint8_t>((nonce.front() & 0x7FU) | 0x40U);
  return nonce;
}

}  // namespace

bool is_strong(crypto::Hash hash) {
  return crypto::digest_size(hash) >= crypto::digest_size(crypto::Hash::sha256);
}

Result<StampRequest, std::string> make_request(crypto::Hash hash, ByteView imprint,
                                               const std::string& policy) {
  if (!is_strong(hash)) {
    return fmt::format("a time-stamp is made of a digest of 256 bits or more, not of {}",
                       hash == crypto::Hash::none ? "none" : crypto::hash_name(hash));
  }
  if (imprint.size() != crypto::digest_size(hash)) {
    return fmt::format("a digest of {} has {} bytes, not {}", crypto::hash_name(hash),
                       crypto::digest_size(hash), imprint.size());
  }
  BOOST_OUTCOME_TRY(Bytes nonce, new_nonce());
  const crypto::HostErrors aside;
  const TsRequestPtr request(TS_REQ_new());
  require(request != nullptr);
  require(TS_REQ_set_version(request.get(), 1) == 1 && TS_REQ_set_cert_req(request.get(), 1) == 1);
  set_imprint(request.get(), hash, imprint);
  set_nonce(request.get(), nonce);
  if (!policy.empty()) {
    const ObjectPtr object(OBJ_txt2obj(policy.c_str(), 1));
    if (!crypto::verdict(object != nullptr)) {
      return fmt::format(
          "the policy \"{}\" is not an object identifier such as 1.3.6.1.4.1.32473.1",
          printable(policy));
    }
    require(TS_REQ_set_policy_id(request.get(), object.get()) == 1);
  }
  Bytes der = crypto::der_of(request.get(), i2d_TS_REQ);
  require(!der.empty());
  return StampRequest{hash, copy_of(imprint), std::move(nonce), std::move(der)};
}

}  // namespace signet::timestamps
