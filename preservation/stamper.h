// The time-stamps of one document: asked for, counted, and measured for the room of the next one. For this component alone.
#ifndef SIGNET_PRESERVATION_STAMPER_H_
#define SIGNET_PRESERVATION_STAMPER_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "crypto/context.h"
#include "preservation/extension.h"

namespace signet::preservation {

// Bytes of the largest token that was met; shared by all documents of a run.
using LargestToken = std::atomic<std::size_t>;

class Stamper {
 public:
  // All outlive it.
  Stamper(const ExtensionRequest& request, std::shared_ptr<crypto::Context> context,
          LargestToken& largest, const ExtensionControl& control)
      : request_(request), context_(std::move(context)), largest_(largest), control_(control) {}

  crypto::Hash hash() const { return request_.hash; }
  const std::shared_ptr<crypto::Context>& context() const { return context_; }

  // The token, DER. no_time_stamp, cancelled.
  ExtensionResult<Bytes> stamp(crypto::Hash hash, ByteView imprint);

  // Bytes that the next token probably takes at most. `seen`: the largest one in the document, 0: none; it counts as long as no
  // authority has given one.
  std::size_t expected(std::size_t seen) const;

  // That the token is a part of the document now; others were asked for in vain.
  void used(ByteView token) {
    ++used_;
    bytes_ += token.size();
  }
  std::size_t count() const { return used_; }
  std::uint64_t bytes() const { return bytes_; }
  const std::vector<std::string>& authorities() const { return authorities_; }

 private:
  const ExtensionRequest& request_;
  std::shared_ptr<crypto::Context> context_;
  LargestToken& largest_;
  const ExtensionControl& control_;
  std::size_t used_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<std::string> authorities_;
};

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_STAMPER_H_
