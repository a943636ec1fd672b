// Seals documents. A document is digested where it lies; its digest is signed by a key behind PKCS#11 (one C_Sign for each
// seal), a time-stamp is added, and the sealed document is written. Neither key nor authority sees more than digests.
#ifndef SIGNET_SEALING_SEALER_H_
#define SIGNET_SEALING_SEALER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "crypto/cms/signer_info.h"
#include "crypto/context.h"
#include "crypto/suite.h"
#include "sealing/error.h"
#include "sealing/input.h"
#include "sealing/output.h"
#include "sealing/pdf_wish.h"
#include "sealing/seal_key.h"
#include "timestamps/client.h"

namespace signet::sealing {

enum class Level {
  b_b,
  b_t
};  // EN 319 122-1, 6: with a signing time only, or with a time-stamp over the signature

// What happens where no authority gives a time-stamp: the seal fails, or is delivered as B-B and can be raised later.
enum class WithoutStamp { fail, degrade };

struct SealWish {
  bool external = false;  // CAdES: beside the document (detached), not around it
  bool indefinite =
      false;  // internal: BER, which readers take that know no definite length over 2 GiB
  Level level = Level::b_b;
  WithoutStamp without_stamp = WithoutStamp::fail;
  // With `fail`: once all authorities have failed, no signature is made before one of them gives a time-stamp again. For many
  // documents, each of which would cost one for nothing.
  bool spares_signatures = false;
  pkcs11::Signing signing;
  // The optional parts that are signed: commitment, policy, place, media type, file name. Digest, time and certificate are
  // filled in here.
  cms::SignedAttributes attributes = {};
  Milliseconds stamp_limit{60'000};  // for all authorities together
  std::string reference = {};        // see SealKey::sign()
  // By which Sealed::warnings are made; null: there are none.
  std::shared_ptr<const crypto::Suite> suite = {};
};

// What became of it.
struct Sealed {
  Level level = Level::b_b;
  bool degraded = false;  // below the level that was asked for
  std::string why_degraded;
  cms::Algorithm algorithm;
  Bytes digest;            // of the document
  Bytes signature_digest;  // of the signature value, with the same hash: what was time-stamped
  Bytes certificate;       // DER
  std::chrono::system_clock::time_point signed_at;
  std::optional<std::chrono::system_clock::time_point> stamped_at;
  std::string authority;  // that gave the time-stamp
  // What the suite says against algorithm and key (suitability.h): the same for every seal of a key with one wish, until
  // a day passes on which something ends.
  std::vector<std::string> warnings = {};
  unsigned signatures = 1;  // that the key made for it
  // PAdES: full name of the field that it is in, and what a reader may take amiss in this document.
  std::string field = {};
  std::vector<std::string> remarks = {};
};

// Each may be left out.
struct Control {
  // Bytes that were read so far, and how many will be.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};
  const std::atomic<bool>* cancelled = nullptr;  // set by another thread
  // Is shown what the seal will be when all is written, and before the output is there under its name: what has to be kept of
  // it is kept then, whenever the process ends. An error of it is that of the seal, and nothing is delivered.
  std::function<SealResult<void>(const Sealed& sealed)> before_delivery = {};
};

class FirstStamp;  // sealing/first_stamp.h

// Thread-safe: any number of documents at once.
class Sealer {
 public:
  // `time_stamps` may be null, then there is no level B-T. Its authority "csc:" is the service of the key's token.
  Sealer(std::shared_ptr<crypto::Context> context, std::shared_ptr<SealKey> key,
         std::shared_ptr<timestamps::Client> time_stamps);

  // A CAdES seal of the document: external (`out` gets the signature alone) or internal.
  SealResult<Sealed> seal_cades(const Input& document, Output& out, const SealWish& wish,
                                const Control& control = {}) const;

  // One more, parallel signature in a message that is sealed already; `document`: null for an internal one. What is there
  // stays byte for byte.
  SealResult<Sealed> add_cades(const Input& message, const Input* document, Output& out,
                               const SealWish& wish, const Control& control = {}) const;

  // A PAdES seal (EN 319 142-1): the PDF document with an update behind it. Of `wish`, external and indefinite do not count.
  // Failure::forbidden where the document, its form or its signatures do not allow it, or it is built in a way that is not
  // supported; the sentence says which. What a time-stamp needs was planned before the signature: one that needs more costs
  // a second signature, once (Sealed::signatures).
  SealResult<Sealed> seal_pades(const Input& document, Output& out, const SealWish& wish,
                                const PdfWish& pdf, const Control& control = {}) const;

  // As seal_pades() would seal it, with nothing but zeros where the signature would be: for a picture of it. Signs nothing.
  // The page that the seal is seen on, counted from 0; nothing where it is not known.
  SealResult<std::optional<std::size_t>> draft_pades(const Input& document, Output& out,
                                                     const SealWish& wish,
                                                     const PdfWish& pdf) const;

 private:
  const std::shared_ptr<crypto::Context> context_;
  const std::shared_ptr<SealKey> key_;
  const std::shared_ptr<timestamps::Client> time_stamps_;
  const std::shared_ptr<FirstStamp> first_stamp_;
};

// Time-stamps for the signatures of a sealed message that have none, without a signature of the key: a degraded seal becomes
// B-T. The number of time-stamps that were added; 0: nothing was written. `service`: for the authority "csc:"
// (TokenStamps::service()); empty: that one is passed over.
SealResult<std::size_t> add_time_stamps(const std::shared_ptr<crypto::Context>& context,
                                        timestamps::Client& time_stamps, const Input& message,
                                        Output& out, Milliseconds limit,
                                        const timestamps::KeyService& service = {});

// What became of a time-stamp for a PDF document that is sealed already. Only with `added` anything was written.
enum class LaterStamp {
  added,
  present,  // no seal lacks one
  covered,  // one that lacks it has a later signature over it, which would be broken
  no_room,  // it was made as B-B, without room for one
  no_seal,  // nothing is signed
};

// Likewise for a sealed PDF document: for the seal that no later one covers, in the room that was left for it (a degraded seal
// has it). `password`: of an encrypted document.
SealResult<LaterStamp> add_pades_time_stamp(const std::shared_ptr<crypto::Context>& context,
                                            timestamps::Client& time_stamps, const Input& document,
                                            const Secret& password, Output& out, Milliseconds limit,
                                            const timestamps::KeyService& service = {});

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_SEALER_H_
