// Time-stamps for signatures that are there already.
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "sealing/content.h"
#include "sealing/sealer.h"

namespace signet::sealing {

SealResult<std::size_t> add_time_stamps(const std::shared_ptr<crypto::Context>& context,
                                        timestamps::Client& time_stamps, const Input& file,
                                        Output& out, Milliseconds limit,
                                        const timestamps::KeyService& service) {
  BOOST_OUTCOME_TRY(auto message, read_message(file));
  const Deadline deadline = Deadline::after(limit);
  std::size_t added = 0;
  for (Bytes& signer : message.parts.signers) {
    const auto parsed = cms::parse_signer(signer);
    if (!parsed) return Error(Failure::broken, parsed.error());
    if (cms::has_time_stamp(parsed.value())) continue;
    const crypto::Hash hash = parsed.value().algorithm.hash;
    const auto imprint = crypto::digest_of(context, hash, parsed.value().signature);
    if (!imprint) return Error(Failure::settings, "OpenSSL cannot compute this digest");
    const auto stamp = time_stamps.stamp(hash, imprint.value(), deadline, service);
    if (!stamp) return Error(Failure::no_time_stamp, stamp.error().sentence);
    signer =
        cms::with_unsigned_attribute(signer, cms::signature_time_stamp(stamp.value().token.der));
    ++added;
  }
  if (added == 0) return added;
  BOOST_OUTCOME_TRY(write_message(message.parts, form_of(message), message.content_size,
                                  pass_over(file, message), out, [](ByteView) { return true; }));
  BOOST_OUTCOME_TRY(file.check_unchanged());
  BOOST_OUTCOME_TRY(out.commit());
  return added;
}

}  // namespace signet::sealing
