#include "sealing/check.h"

#include <algorithm>
#include <optional>

#include "crypto/digest.h"
#include "sealing/content.h"
#include "timestamps/token_check.h"

namespace signet::sealing {

namespace {

using std::chrono::system_clock;

// Certificates that may stand between the signer's and a root.
std::vector<Bytes> certificates_of(const cms::SignedData& message) {
  std::vector<Bytes> certificates;
  for (const Bytes& one : message.certificates)
    if (!one.empty() && one[0] == 0x30)
      certificates.push_back(one);  // not other forms (RFC 5652, 10.2.2)
  return certificates;
}

CheckedTimeStamp check_stamp(const std::shared_ptr<crypto::Context>& context, ByteView token,
                             const cms::Signer& signer, const std::vector<Bytes>& certificates,
                             const timestamps::TrustAnchors* trusted) {
  CheckedTimeStamp checked;
  const auto parsed = timestamps::parse_token(context, token, certificates);
  if (!parsed) {
    checked.problem = parsed.error().sentence;
    return checked;
  }
  const timestamps::TimeStampToken& stamp = parsed.value();
  checked.time = stamp.time;
  checked.policy = stamp.policy;
  if (stamp.signer) checked.signer = *stamp.signer;
  const auto imprint = crypto::digest_of(context, stamp.hash, signer.signature);
  if (!imprint) {
    checked.problem = "its hash is not known here";
    return checked;
  }
  timestamps::Expected expected;
  expected.hash = stamp.hash;
  expected.imprint = imprint.value();
  const auto good = timestamps::check_token(context, stamp, expected);
  if (!good) {
    checked.problem = good.error().sentence;
  } else if (trusted != nullptr) {
    const auto chained = trusted->check(checked.signer, stamp.certificates, stamp.time);
    checked.trusted = chained.has_value();
    if (!chained) checked.problem = chained.error();
  }
  return checked;
}

}  // namespace

bool CheckedSignature::good() const {
  return verdict.good() && chain_problem.empty() &&
         std::ranges::all_of(time_stamps, [](const auto& one) { return one.problem.empty(); });
}

bool CheckedSeal::good() const {
  return !signatures.empty() && std::ranges::all_of(signatures, &CheckedSignature::good);
}

SealResult<CheckedSeal> check_cades(const std::shared_ptr<crypto::Context>& context,
                                    const Input& file, const Input* document, const Trust& trust,
                                    const Control& control) {
  BOOST_OUTCOME_TRY(const auto message, read_message(file));
  if (message.has_content == (document != nullptr))
    return Error(Failure::settings,
                 document != nullptr
                     ? "the seal holds its document: name no other one"
                     : "the seal does not hold its document: name the document as well");
  CheckedSeal seal;
  seal.has_content = message.has_content;
  seal.size = document != nullptr ? document->size() : message.content_size;
  Meter meter(control, seal.size);
  const Pass pass = document != nullptr ? pass_over(*document) : pass_over(file, message);
  BOOST_OUTCOME_TRY(const auto digests,
                    digest_all(context, cms::hashes_of(message.parts), pass, meter));
  const std::vector<Bytes> certificates = certificates_of(message.parts);
  const auto verdicts = cms::verify(context, message.parts, digests);
  for (std::size_t at = 0; at < verdicts.size(); ++at) {
    CheckedSignature signature;
    signature.verdict = verdicts[at];
    signature.moment = system_clock::now();
    if (const auto signer = cms::parse_signer(message.parts.signers[at]))
      for (const Bytes& token : signature.verdict.time_stamps)
        signature.time_stamps.push_back(
            check_stamp(context, token, signer.value(), certificates, trust.time_stamps.get()));
    for (const CheckedTimeStamp& stamp : signature.time_stamps)
      if (stamp.problem.empty()) signature.moment = std::min(signature.moment, stamp.time);
    if (trust.signers && !signature.verdict.certificate.empty()) {
      const auto chained =
          trust.signers->check(signature.verdict.certificate, certificates, signature.moment);
      signature.trusted = chained.has_value();
      if (!chained) signature.chain_problem = chained.error();
    }
    seal.signatures.push_back(std::move(signature));
  }
  return seal;
}

SealResult<void> extract_document(const Input& file, Output& out) {
  BOOST_OUTCOME_TRY(const auto message, read_message(file));
  if (!message.has_content)
    return Error(Failure::settings,
                 "the seal does not hold its document: there is nothing to extract");
  SealResult<void> written = success();
  const auto passed = pass_over(file, message)([&](ByteView piece) {
    written = out.write(piece);
    return written.has_value();
  });
  BOOST_OUTCOME_TRY(written);
  BOOST_OUTCOME_TRY(passed);
  BOOST_OUTCOME_TRY(file.check_unchanged());
  return out.commit();
}

}  // namespace signet::sealing
