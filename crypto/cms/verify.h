// Checks the signers of a CMS SignedData (RFC 5652, 5.4 and 5.6): the content's digest, the signed attributes, the
// signature. Whether a certificate is to be trusted is not asked here.
#ifndef SIGNET_CRYPTO_CMS_VERIFY_H_
#define SIGNET_CRYPTO_CMS_VERIFY_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/cms/signed_data.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/signer_parts.h"
#include "crypto/context.h"

namespace signet::cms {

// A SignerInfo with algorithms that are known here; views into its bytes.
struct Signer : SignerParts {
  Algorithm algorithm;
  std::size_t salt_length = 0;                 // PSS; bytes
  crypto::Hash mgf_hash = crypto::Hash::none;  // PSS
};

// Nothing where it is not a SignerInfo, or of an algorithm that is not known; the sentence says which.
Result<Signer, std::string> parse_signer(ByteView der);

// Whether it has a signature-time-stamp, whatever that is worth.
bool has_time_stamp(const Signer& signer);

// What one signature is worth, without its certificate's chain.
struct Verdict {
  bool certificate_found = false;
  bool digest_matches = false;     // message-digest is the content's
  bool signature_matches = false;  // under the signed attributes, by the certificate's key
  // signing-certificate(-v2) is there and names this certificate (EN 319 122-1, 5.2.2).
  bool certificate_named = false;
  Bytes certificate;  // DER
  Algorithm algorithm;
  std::optional<std::chrono::system_clock::time_point> signing_time;
  std::vector<Bytes> time_stamps;     // tokens over the signature (signature-time-stamp)
  std::vector<std::string> problems;  // sentences; empty where everything above is true

  bool good() const { return problems.empty(); }
};

// The hashes that the signers want of the content.
std::vector<crypto::Hash> hashes_of(const SignedData& message);

// One for each signer, in their order. `digests`: of the content. `further`: certificates (DER) that may be the signer's,
// beside those of the message.
std::vector<Verdict> verify(const std::shared_ptr<crypto::Context>& context,
                            const SignedData& message, const std::map<crypto::Hash, Bytes>& digests,
                            const std::vector<Bytes>& further = {});

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_VERIFY_H_
