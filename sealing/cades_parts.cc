#include "sealing/cades_parts.h"

#include "crypto/cms/signer_info.h"
#include "sealing/suitability.h"

namespace signet::sealing {

std::chrono::system_clock::time_point signing_moment() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

SealResult<Bytes> encode_attributes(
    const SealWish& wish, const cms::SignedData& message, const Bytes& digest,
    const Bytes& certificate, std::optional<std::chrono::system_clock::time_point> signing_time) {
  cms::SignedAttributes wanted = wish.attributes;
  wanted.content_type = message.content_type;
  wanted.digest = digest;
  wanted.signing_time = signing_time;
  wanted.certificate = certificate;
  Bytes attributes = wanted.encode();
  if (!attributes.empty()) return attributes;
  return Error(Failure::settings, "the signed attributes cannot be encoded");
}

std::vector<std::string> warnings_of(const SealWish& wish, const cms::Algorithm& algorithm,
                                     const Bytes& certificate,
                                     std::chrono::system_clock::time_point signed_at) {
  if (!wish.suite) return {};
  return suite_warnings(*wish.suite, algorithm, certificate, signed_at);
}

void add_signers_parts(cms::SignedData& message, crypto::Hash hash, const Bytes& certificate,
                       const std::vector<Bytes>& issuers) {
  message.add_digest_algorithm(cms::encode_hash(hash));
  message.add_certificate(certificate);
  for (const Bytes& issuer : issuers) message.add_certificate(issuer);
}

SealResult<std::vector<Bytes>> stamp(timestamps::Client& time_stamps,
                                     const timestamps::KeyService& service, const SealWish& wish,
                                     Sealed& sealed) {
  const auto stamp = time_stamps.stamp(sealed.algorithm.hash, sealed.signature_digest,
                                       Deadline::after(wish.stamp_limit), service);
  if (stamp) {
    sealed.level = Level::b_t;
    sealed.stamped_at = stamp.value().token.time;
    sealed.authority = stamp.value().authority;
    return std::vector<Bytes>{cms::signature_time_stamp(stamp.value().token.der)};
  }
  if (wish.without_stamp == WithoutStamp::fail)
    return Error(Failure::no_time_stamp, stamp.error().sentence);
  sealed.degraded = true;
  sealed.why_degraded = stamp.error().sentence;
  return std::vector<Bytes>();
}

SealResult<void> deliver(Output& out, const Meter& meter,
                         std::initializer_list<const Input*> read) {
  for (const Input* const input : read)
    if (input != nullptr) {
      BOOST_OUTCOME_TRY(input->check_unchanged());
    }
  if (meter.is_cancelled()) return Error(Failure::cancelled, "cancelled");
  return out.commit();
}

}  // namespace signet::sealing
