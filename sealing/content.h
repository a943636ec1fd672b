// The content of a seal on its way: read piece by piece, digested, copied into its message. For this component alone.
#ifndef SIGNET_SEALING_CONTENT_H_
#define SIGNET_SEALING_CONTENT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "common/bytes.h"
#include "crypto/cms/reader.h"
#include "crypto/context.h"
#include "sealing/error.h"
#include "sealing/input.h"
#include "sealing/output.h"
#include "sealing/sealer.h"

namespace signet::sealing {

// Counts what has been read, and tells where it is cancelled.
class Meter {
 public:
  Meter(const Control& control, std::uint64_t all) : control_(control), all_(all) {}

  // False: cancelled.
  bool add(std::size_t bytes) {
    done_ += bytes;
    if (control_.progress) control_.progress(done_, all_);
    return !is_cancelled();
  }
  bool is_cancelled() const { return control_.cancelled != nullptr && control_.cancelled->load(); }
  const Control& control() const { return control_; }

 private:
  const Control& control_;
  const std::uint64_t all_;
  std::uint64_t done_ = 0;
};

using Take = std::function<bool(ByteView)>;  // false: no more

// One reading of a content, from its beginning. Cancelled where the taker says false.
using Pass = std::function<SealResult<void>(const Take&)>;

// The arguments outlive the pass.
Pass pass_over(const Input& document);
Pass pass_over(const Input& file, const cms::Message& message);  // the content inside

using Digests = std::map<crypto::Hash, Bytes>;
SealResult<Digests> digest_all(const std::shared_ptr<crypto::Context>& context,
                               const std::vector<crypto::Hash>& hashes, const Pass& pass,
                               Meter& meter);

SealResult<cms::Message> read_message(const Input& file);

// How the content stands in a message: not at all, as one OCTET STRING (DER), as many (BER).
enum class ContentForm { absent, whole, pieces };
ContentForm form_of(const cms::Message& message);

// `seen`: is shown what was written; false: cancelled.
SealResult<void> write_message(const cms::SignedData& message, ContentForm form, std::uint64_t size,
                               const Pass& pass, Output& out, const Take& seen);

Error has_changed(const Input& file);
Error no_crypto();  // OpenSSL lacks a digest

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_CONTENT_H_
