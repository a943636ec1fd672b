// What every way to a seal has in common. For this component alone.
#ifndef SIGNET_SEALING_CADES_PARTS_H_
#define SIGNET_SEALING_CADES_PARTS_H_

#include <chrono>
#include <initializer_list>
#include <optional>
#include <vector>

#include "common/bytes.h"
#include "crypto/cms/signed_data.h"
#include "sealing/content.h"
#include "sealing/sealer.h"

namespace signet::sealing {

// Now, in whole seconds, as signing-time has them.
std::chrono::system_clock::time_point signing_moment();

// What is signed (see SignedAttributes::encode()): the wish's own attributes, and those that each seal has. `signing_time`:
// PAdES has none.
SealResult<Bytes> encode_attributes(
    const SealWish& wish, const cms::SignedData& message, const Bytes& digest,
    const Bytes& certificate, std::optional<std::chrono::system_clock::time_point> signing_time);

// See Sealed::warnings.
std::vector<std::string> warnings_of(const SealWish& wish, const cms::Algorithm& algorithm,
                                     const Bytes& certificate,
                                     std::chrono::system_clock::time_point signed_at);

// What the message says beside the signer: his digest algorithm, his certificate and its issuers.
void add_signers_parts(cms::SignedData& message, crypto::Hash hash, const Bytes& certificate,
                       const std::vector<Bytes>& issuers);

// How many bytes of DER the message takes at most, without a time-stamp.
SealResult<std::size_t> room_for(const SealWish& wish, const cms::Algorithm& algorithm,
                                 const Bytes& certificate, const std::vector<Bytes>& issuers);

// The unsigned attributes of a seal of level B-T: its time-stamp, or none where it is degraded. `sealed` says which; its
// algorithm and signature_digest are known. `service`: of the key; empty where there is none.
SealResult<std::vector<Bytes>> stamp(timestamps::Client& time_stamps,
                                     const timestamps::KeyService& service, const SealWish& wish,
                                     Sealed& sealed);

// The last step: not where a file that was read has changed, nor where it was cancelled. `read`: null for none.
SealResult<void> deliver(Output& out, const Meter& meter, const Sealed& sealed,
                         std::initializer_list<const Input*> read);

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_CADES_PARTS_H_
