// Where an extension gets its time-stamps.
#ifndef SIGNET_PRESERVATION_STAMP_SOURCE_H_
#define SIGNET_PRESERVATION_STAMP_SOURCE_H_

#include <atomic>
#include <functional>
#include <memory>

#include "common/bytes.h"
#include "common/clock.h"
#include "common/turn.h"
#include "crypto/algorithm.h"
#include "timestamps/client.h"

namespace signet::preservation {

// A time-stamp (RFC 3161) over a digest of that hash, checked. Called by any number of threads at a time. `cancelled` (null: never):
// once it is true, the call ends soon, with an error.
using StampSource = std::function<timestamps::StampResult(crypto::Hash hash, ByteView imprint,
                                                          const std::atomic<bool>* cancelled)>;

// From the authorities of a client. `limit`: for one time-stamp, all authorities together. `service`: see Client::stamp().
inline StampSource stamps_from(std::shared_ptr<timestamps::Client> client, Milliseconds limit,
                               timestamps::KeyService service = {}) {
  return [client = std::move(client), limit, service = std::move(service)](
             crypto::Hash hash, ByteView imprint,
             const std::atomic<bool>* cancelled) -> timestamps::StampResult {
    auto stamp = client->start_stamp(hash, copy_of(imprint), Deadline::after(limit), service);
    while (!stamp.step()) {
      if (cancelled != nullptr && cancelled->load()) return timestamps::StampError{"cancelled", {}};
      wait_a_turn(stamp.wait());
    }
    return stamp.finish();
  };
}

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_STAMP_SOURCE_H_
