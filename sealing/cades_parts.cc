#include "sealing/cades_parts.h"

#include "crypto/certificate_parts.h"
#include "crypto/cms/signer_info.h"
#include "sealing/suitability.h"

namespace signet::sealing {

namespace {

// A signature is shorter than its key and this; DER's lengths may differ by a few bytes.
constexpr std::size_t kMargin = 128;

}  // namespace

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

SealResult<std::size_t> room_for(const SealWish& wish, const cms::Algorithm& algorithm,
                                 const Bytes& certificate, const std::vector<Bytes>& issuers) {
  const auto parts = crypto::parse_certificate(certificate);
  if (!parts) return Error(Failure::settings, "the signer's certificate cannot be read");
  cms::SignedData message;
  message.content_type = cms::SignedAttributes().content_type;
  const Bytes digest(crypto::digest_size(algorithm.hash));
  BOOST_OUTCOME_TRY(const auto attributes,
                    encode_attributes(wish, message, digest, certificate, std::nullopt));
  add_signers_parts(message, algorithm.hash, certificate, issuers);
  message.signers.push_back(cms::encode_signer_info(algorithm, certificate, attributes,
                                                    Bytes(parts->public_key.size()), {}));
  return message.detached().size() + kMargin;
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

SealResult<void> deliver(Output& out, const Meter& meter, const Sealed& sealed,
                         std::initializer_list<const Input*> read) {
  for (const Input* const input : read)
    if (input != nullptr) {
      BOOST_OUTCOME_TRY(input->check_unchanged());
    }
  if (meter.is_cancelled()) return Error(Failure::cancelled, "cancelled");
  if (meter.control().before_delivery) {
    BOOST_OUTCOME_TRY(meter.control().before_delivery(sealed));
  }
  return out.commit();
}

}  // namespace signet::sealing
