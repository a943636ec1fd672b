// A seal in two steps, for keys that sign elsewhere or later: the first gives what is to be signed and a state that
// can be kept; the second takes the signature, in another process and days later if need be.
#ifndef SIGNET_SEALING_TWO_STEPS_H_
#define SIGNET_SEALING_TWO_STEPS_H_

#include <chrono>
#include <memory>
#include <vector>

#include "common/bytes.h"
#include "crypto/cms/signer_info.h"
#include "crypto/context.h"
#include "sealing/error.h"
#include "sealing/input.h"
#include "sealing/output.h"
#include "sealing/sealer.h"
#include "timestamps/client.h"

namespace signet::sealing {

// Who will sign.
struct Signatory {
  Bytes certificate;  // DER; says how the key signs
  // DER, in any order: certificates that lead from the signer's up. They all go into the seal.
  std::vector<Bytes> issuers = {};
};

struct Prepared {
  cms::Algorithm algorithm;
  // The signed attributes, DER SET OF (RFC 5652, 5.4): what an Ed25519 key signs.
  Bytes attributes;
  // Of the attributes, by algorithm.hash: what RSA and ECDSA keys sign. Empty for Ed25519.
  Bytes digest;
  Bytes document_digest;
  std::chrono::system_clock::time_point signed_at;
  std::vector<std::string> warnings = {};  // as those of Sealed
  std::vector<std::string> remarks = {};   // likewise; finish_pades() does not repeat them
  // CAdES: a detached CMS SignedData whose one signature is empty. No secret; nothing in it has to be protected, since a changed
  // one fits no signature.
  Bytes state;
};

// Of the wish: signing, attributes, suite. Failure::settings where the certificate's key cannot sign so.
SealResult<Prepared> prepare_cades(const std::shared_ptr<crypto::Context>& context,
                                   const Signatory& signatory, const Input& document,
                                   const SealWish& wish, const Control& control = {});

// `signature`: as X.509 carries it (ECDSA: DER). `time_stamps`: may be null; of its authorities "csc:" is passed over, since
// there is no key here. `document`: the one that was prepared, needed
// for an internal seal; null for an external one, or given and compared. Of the wish: external, indefinite, level,
// without_stamp, stamp_limit, suite. Failure::broken where the state is none, Failure::changed where the document is another one,
// Reason::bad_signature where the signature is not one of that key over that state: then nothing is written.
SealResult<Sealed> finish_cades(const std::shared_ptr<crypto::Context>& context,
                                timestamps::Client* time_stamps, ByteView state, ByteView signature,
                                const Input* document, Output& out, const SealWish& wish,
                                const Control& control = {});

// Likewise a seal in a PDF document (Sealer::seal_pades()). The state also holds what is added to the document. Of the wish:
// signing, attributes, level (whether there is to be room for a time-stamp).
SealResult<Prepared> prepare_pades(const std::shared_ptr<crypto::Context>& context,
                                   const Signatory& signatory, const Input& document,
                                   const SealWish& wish, const PdfWish& pdf,
                                   const Control& control = {});

// Whether it is a state of prepare_pades(), as its first bytes say.
bool is_pades_state(ByteView state);

// `document`: the one that was prepared. Of the wish: level, without_stamp, stamp_limit. Failure::no_time_stamp also where
// the time-stamp is larger than the room that was planned for it: there is no second signature.
SealResult<Sealed> finish_pades(const std::shared_ptr<crypto::Context>& context,
                                timestamps::Client* time_stamps, ByteView state, ByteView signature,
                                const Input& document, Output& out, const SealWish& wish,
                                const Control& control = {});

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_TWO_STEPS_H_
